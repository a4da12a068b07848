"""One month of a made-up ward, played from the workbook to the finance file through the running services."""
