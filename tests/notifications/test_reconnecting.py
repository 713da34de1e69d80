"""When a server stops, browsers come back to the event stream, but not all at once."""

import re


def test_each_stream_names_another_time_after_which_its_browser_reconnects(ann):
    times = [int(re.match(r"retry: (\d+)\n", ann.get("/events").text)[1]) for _stream in range(20)]
    assert all(1_000 <= each < 4_000 for each in times)
    assert len(set(times)) > 5
