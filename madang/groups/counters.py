"""The number of members of a group."""

from madang.accounts.models import Membership
from madang.core.db.counting import Counter, count_of

from .models import Group

COUNTERS = (Counter(Group, "member_count", count_of(Membership.group_id == Group.id)),)
