"""Notification's gRPC side: read the request, call the use case, write the reply."""

import grpc

from chassis.rpc import Call, Page, command, query
from kpi.notification.v1 import notification_pb2 as pb
from kpi.notification.v1 import notification_pb2_grpc
from notification import storage, usecases, wire


class NotificationApi(notification_pb2_grpc.NotificationServiceServicer):
    @query
    def ListMessages(self, request: pb.ListMessagesRequest, call: Call) -> pb.ListMessagesResponse:
        page = Page.of(request, default=50, most=500)
        who = (request.ward_id, call.actor.person_id)
        found = storage.messages(
            call.session,
            who,
            unread=request.unread,
            topic=wire.topic(request.topic, "topic") if request.topic else None,
            before=page.after_instant(),
            limit=page.size + 1,
        )
        shown = found[: page.size]
        return pb.ListMessagesResponse(
            messages=[wire.message(each) for each in shown],
            next_page_token=(
                page.token((shown[-1].created_at.isoformat(), shown[-1].message_id))
                if len(found) > page.size
                else ""
            ),
            unread_count=storage.unread_count(call.session, who),
        )

    @command
    def MarkRead(self, request: pb.MarkReadRequest, call: Call) -> pb.MarkReadResponse:
        count = usecases.mark_read(
            call.session,
            ward_id=request.ward_id,
            actor=call.actor,
            message_ids=request.message_ids,
            at=call.at,
        )
        return pb.MarkReadResponse(count=count)

    @query
    def GetPreferences(self, request: pb.GetPreferencesRequest, call: Call) -> pb.GetPreferencesResponse:
        who = (request.ward_id, call.actor.person_id)
        found = usecases.get_preferences(call.session, who=who)
        return pb.GetPreferencesResponse(preferences=wire.preferences(found))

    @command
    def SetPreferences(self, request: pb.SetPreferencesRequest, call: Call) -> pb.SetPreferencesResponse:
        who = (request.ward_id, call.actor.person_id)
        kept = usecases.set_preferences(
            call.session, who=who, wanted=wire.wanted(request.preferences), at=call.at
        )
        return pb.SetPreferencesResponse(preferences=wire.preferences(kept))

    @query
    def ListMails(self, request: pb.ListMailsRequest, call: Call) -> pb.ListMailsResponse:
        page = Page.of(request, default=50, most=500)
        found = storage.mails(
            call.session,
            request.ward_id,
            states=wire.mail_states(request.state),
            after=page.after_instant(),
            limit=page.size + 1,
        )
        shown = found[: page.size]
        return pb.ListMailsResponse(
            mails=[wire.mail(each) for each in shown],
            next_page_token=(
                page.token((shown[-1].created_at.isoformat(), shown[-1].mail_id))
                if len(found) > page.size
                else ""
            ),
        )

    @command
    def ResendMails(self, request: pb.ResendMailsRequest, call: Call) -> pb.ResendMailsResponse:
        count = usecases.resend_mails(
            call.session,
            ward_id=request.ward_id,
            actor=call.actor,
            mail_ids=request.mail_ids,
            at=call.at,
        )
        return pb.ResendMailsResponse(count=count)


def register(server: grpc.Server) -> None:
    """Add notification to a server."""
    notification_pb2_grpc.add_NotificationServiceServicer_to_server(NotificationApi(), server)
