from django.apps import AppConfig


class NetworkConfig(AppConfig):
    """The closed groups."""

    name = "network"
    verbose_name = "Netwerk"

    def ready(self) -> None:
        from expoo_portal.accounts import my_data
        from expoo_portal.mail import register_guard
        from expoo_portal.search.kinds import register
        from expoo_portal.visibility import register_group_source

        from .invitations import INVITATION_GUARD, may_still_be_sent
        from .joining import may_still_answer, still_belongs
        from .letters import BELONGS_GUARD, FACILITATOR_GUARD
        from .mail_jobs import defer_notices
        from .mailing import READER_GUARD, may_still_read
        from .messages_to_members import MESSAGE_GUARD, may_still_write
        from .models import active_group_ids
        from .my_data import NetworkSource
        from .posting import post_made
        from .search_entries import keep_true
        from .search_kinds import Discussions

        register_group_source(active_group_ids)
        my_data.register(NetworkSource())
        register_guard(FACILITATOR_GUARD, may_still_answer)
        register_guard(BELONGS_GUARD, still_belongs)
        register_guard(INVITATION_GUARD, may_still_be_sent)
        register_guard(READER_GUARD, may_still_read)
        register_guard(MESSAGE_GUARD, may_still_write)
        post_made.connect(defer_notices, dispatch_uid="network.notices")
        keep_true()
        register(Discussions())
