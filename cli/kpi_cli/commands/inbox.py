"""Messages, preferences, mail (R-42)."""

import click

from kpi.notification.v1 import notification_pb2 as pb
from kpi_cli import output
from kpi_cli.commanding import Command, Enumerated, Group, option, ward
from kpi_cli.language import t
from kpi_cli.output import Column
from kpi_cli.session import Session, one_of, pass_session

MESSAGE = (
    Column("Message", "message_id", "id"),
    Column("Written at", "created_at"),
    Column("Topic", "topic"),
    Column("Subject", "subject"),
    Column("Read at", "read_at"),
)
PREFERENCES = (
    Column("Language", lambda each: each.language or t("as planning says")),
    Column("Mail", lambda each: t("is not sent") if each.mail_off else t("is sent")),
    Column("Muted topics", lambda each: ", ".join(_topic(number) for number in each.muted_topics)),
)
MAIL = (
    Column("Mail", "mail_id", "id"),
    Column("Person", "person_id"),
    Column("Address", "address"),
    Column("Subject", "subject"),
    Column("State", "state"),
    Column("Attempts", "attempts", "number"),
    Column("Detail", lambda each: _detail(each.detail)),
    Column("Written at", "created_at"),
    Column("Sent at", "sent_at"),
)
topic_type = Enumerated(pb.Topic.DESCRIPTOR)


def _detail(told: str) -> str:
    """Return why a mail was not sent; what a mail server said stays in its words."""
    ours = {
        "mail is off": t("mail is off"),
        "the person wants no mail": t("the person wants no mail"),
        "the person muted this topic": t("the person muted this topic"),
        "no address is known": t("no address is known"),
        "the address cannot be used": t("the address cannot be used"),
        "the process died while handing it over": t("the process died while handing it over"),
    }
    return ours.get(told, told)


def _topic(number: int) -> str:
    return output.label(pb.Message.DESCRIPTOR.fields_by_name["topic"], number)


@click.group(cls=Group, help="Your messages.")
def inbox() -> None:
    pass


@inbox.command("list", help="List your messages, newest first.")
@ward
@option("--unread", is_flag=True, help="Only unread ones.")
@option("--topic", type=topic_type, default=0, help="Only this topic.")
@pass_session
def list_messages(session: Session, ward: str, topic: int, *, unread: bool) -> None:
    request = pb.ListMessagesRequest(ward_id=session.ward(ward), unread=unread, topic=topic)  # type: ignore[arg-type]
    session.show_all(session.entries("notification", "ListMessages", request, "messages"), MESSAGE)


@inbox.command("read", help="Show unread messages with their text, or those named, and mark them as read.")
@click.argument("messages", nargs=-1, metavar="[MESSAGE]...")
@ward
@option("--keep", is_flag=True, help="Leave them unread.")
@pass_session
def read(session: Session, messages: tuple[str, ...], ward: str, *, keep: bool) -> None:
    ward_id = session.ward(ward)
    request = pb.ListMessagesRequest(ward_id=ward_id, unread=not messages)
    found = [
        each
        for each in session.entries("notification", "ListMessages", request, "messages")
        if not messages or each.message_id in messages
    ]
    if session.json:
        output.write_json([output.as_dict(each) for each in found])
    else:
        for each in found:
            output.say(f"── {each.subject} · {output.text(each, 'created_at')}\n\n{each.body}")
        if not found:
            output.note(t("No messages."))
    if found and not keep:
        marked = pb.MarkReadRequest(ward_id=ward_id, message_ids=[each.message_id for each in found])
        session.call("notification", "MarkRead", marked)


@click.command("preferences", cls=Command, help="Show or set how you are told.")
@ward
@option("--language", type=click.Choice(["vi", "en", "default"]), help="Language of messages.")
@option("--mail/--no-mail", "mail", default=None, help="Whether mail is sent to you.")
@option("--mute", type=topic_type, multiple=True, help="Send no mail about this topic.")
@option("--unmute", type=topic_type, multiple=True, help="Send mail about it again.")
@pass_session
def preferences(
    session: Session,
    ward: str,
    language: str | None,
    mute: tuple[int, ...],
    unmute: tuple[int, ...],
    *,
    mail: bool | None,
) -> None:
    ward_id = session.ward(ward)
    found = session.call(
        "notification", "GetPreferences", pb.GetPreferencesRequest(ward_id=ward_id)
    ).preferences
    if language is not None or mail is not None or mute or unmute:
        wanted = pb.Preferences(
            language=found.language if language is None else language.replace("default", ""),
            mail_off=found.mail_off if mail is None else not mail,
            muted_topics=sorted((set(found.muted_topics) | set(mute)) - set(unmute)),  # type: ignore[arg-type]
        )
        request = pb.SetPreferencesRequest(ward_id=ward_id, preferences=wanted)
        found = session.call("notification", "SetPreferences", request).preferences
    session.show(found, PREFERENCES)


@click.group(cls=Group, help="Mail to people, for operators.")
def mail() -> None:
    pass


@mail.command("list", help="List mails, oldest first.")
@ward
@option("--state", type=Enumerated(pb.MailState.DESCRIPTOR), default=0, help="Only in this state.")
@pass_session
def list_mails(session: Session, ward: str, state: int) -> None:
    request = pb.ListMailsRequest(ward_id=session.ward(ward), state=state)  # type: ignore[arg-type]
    session.show_all(session.entries("notification", "ListMails", request, "mails"), MAIL)


@mail.command("resend", help="Send mails again that failed or whose fate is uncertain.")
@click.argument("mails", nargs=-1, metavar="[MAIL]...")
@ward
@option("--uncertain", is_flag=True, help="Every uncertain one.")
@option("--failed", is_flag=True, help="Every failed one.")
@pass_session
def resend(session: Session, mails: tuple[str, ...], ward: str, *, uncertain: bool, failed: bool) -> None:
    one_of(mail=mails, uncertain=uncertain, failed=failed)
    ward_id = session.ward(ward)
    if not mails:
        state = pb.MAIL_STATE_UNCERTAIN if uncertain else pb.MAIL_STATE_FAILED
        listed = pb.ListMailsRequest(ward_id=ward_id, state=state)
        mails = tuple(each.mail_id for each in session.entries("notification", "ListMails", listed, "mails"))
    reply = session.call(
        "notification", "ResendMails", pb.ResendMailsRequest(ward_id=ward_id, mail_ids=mails)
    )
    session.told(reply, t("Mails that wait to be sent again: {count}.", count=reply.count))
