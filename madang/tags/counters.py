"""The number of posts of each tag."""

from madang.core.db.counting import Counter, count_of

from .models import PostTag, Tag

COUNTERS = (Counter(Tag, "post_count", count_of(PostTag.tag_id == Tag.id)),)
