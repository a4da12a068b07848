"""Rows of notification, and the way between a row and its value."""

from notification.storage.inbox import (
    mark_read,
    messages,
    unread_count,
)
from notification.storage.mails import (
    due,
    mails,
    put_outcome,
    put_sending,
    put_uncertain,
    put_waiting,
    take_due,
    take_states,
)
from notification.storage.notices import (
    Writing,
    keep_pending,
    put_writings,
    take_pending,
    told,
)
from notification.storage.people import (
    people,
    preferences,
    put_posts,
    put_preferences,
    put_wards,
    ward_names,
)
from notification.storage.rows import (
    Who,
    tables,
)

__all__ = [
    "Who",
    "Writing",
    "due",
    "keep_pending",
    "mails",
    "mark_read",
    "messages",
    "people",
    "preferences",
    "put_outcome",
    "put_posts",
    "put_preferences",
    "put_sending",
    "put_uncertain",
    "put_waiting",
    "put_wards",
    "put_writings",
    "tables",
    "take_due",
    "take_pending",
    "take_states",
    "told",
    "unread_count",
    "ward_names",
]
