"""JSON read strictly, for the offline commands: every complaint names the place.

A ward checks a month by hand with these files, so a slip must be pointed at and never guessed around::

    file = strict_json.load("month.json")          # "-" is standard input; the root must be an object
    file.only({"fund", "people"})                  # anything else is refused, by name
    fund = file.integer("fund", least=0)
    for person in file.children("people"):          # complains about people[3].score, not about "a number"
        score = None if person.null("score") else person.decimal("score", least=0, most=100)

A number is a whole number (`Object.integer`, a JSON integer) or an exact decimal (`Object.decimal`, a
JSON number or, so that no other program passes it through a binary float, a string such as ``"3.33"``).
NaN, Infinity, exponents and numbers of more than `DIGITS` characters are refused before any arithmetic.
A UTF-8 byte order mark is skipped: editors on Windows write it.
"""

from chassis.strict_json.object import ROOT, Object
from chassis.strict_json.reading import load, parse, plain
from chassis.strict_json.refusal import DIGITS, BadInput

__all__ = ["DIGITS", "ROOT", "BadInput", "Object", "load", "parse", "plain"]
