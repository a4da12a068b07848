"""Planning says who works where, what each person owes in a month, and what came of it.

Rules R-1 and R-3 to R-10. It owns wards, units and people with the posts they hold, the catalogue of
converted outputs, month plans in versions, results with their faults, what other systems deliver of them,
objectives with key results and readings, and working time. It never scores anything and never decides about
anybody: when a month was decided, it only keeps it from changing.
"""
