"""What belongs to a person in administration: the staff log, and changes of settings."""

from madang.core.ownership import NOTHING_MORE, NoRowsOfGuests, NotExported, Owned, Rows, Stays

from .models import SettingChange, StaffLogEntry

LOG_IS_NEVER_REWRITTEN = Stays("The log says who did what at that time; that of a merge names both accounts.")
GUESTS_ARE_NOT_LOGGED = NoRowsOfGuests("Guests take no staff actions, and none is taken with them.")

OWNED = (
    Owned(
        column=StaffLogEntry.actor_id,
        export=Rows(
            "staff_actions.json",
            (
                StaffLogEntry.verb,
                StaffLogEntry.kind,
                StaffLogEntry.subject_id,
                StaffLogEntry.reason,
                StaffLogEntry.created_at,
            ),
        ),
        on_merge=LOG_IS_NEVER_REWRITTEN,
        on_delete=Stays("An audit log stays complete; it names people by id only."),
        on_removal=NOTHING_MORE,
        on_guest_delete=GUESTS_ARE_NOT_LOGGED,
    ),
    Owned(
        column=StaffLogEntry.subject_id,
        where=StaffLogEntry.kind == "user",
        export=NotExported("Staff wrote it."),
        on_merge=LOG_IS_NEVER_REWRITTEN,
        on_delete=Stays("An audit log stays complete; it names people by id only."),
        on_removal=NOTHING_MORE,
        on_guest_delete=GUESTS_ARE_NOT_LOGGED,
    ),
    Owned(
        column=SettingChange.actor_id,
        export=Rows(
            "setting_changes.json",
            (SettingChange.name, SettingChange.former, SettingChange.value, SettingChange.created_at),
        ),
        on_merge=LOG_IS_NEVER_REWRITTEN,
        on_delete=Stays("An audit log stays complete; it names people by id only."),
        on_removal=NOTHING_MORE,
        on_guest_delete=GUESTS_ARE_NOT_LOGGED,
    ),
)
