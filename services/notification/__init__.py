"""Notification tells people what concerns them, in their language, once (R-42).

It owns the in-app inbox, the mail and each person's preferences. It never decides anything, never asks
another service, and tells nobody about anybody else (R-29).
"""
