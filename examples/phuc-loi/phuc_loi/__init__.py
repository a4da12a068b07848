"""A made-up month of a real kind of ward: about 170 people with their plans, results and assessments."""
