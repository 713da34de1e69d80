"""Use the generated client: `python using_client.py FOLDER PICTURE ADDRESS`, with the Python of the contract tools."""

import sys
from io import BytesIO
from pathlib import Path

sys.path.insert(0, sys.argv[1])

from yard_client import AuthenticatedClient, Client
from yard_client.api.auth import create_tokens, register
from yard_client.api.files import create_file
from yard_client.api.posts import create_answer, create_post, list_answers, list_posts, read_post
from yard_client.api.votes import set_post_vote
from yard_client.models import Login, NewAnswer, NewFile, NewPost, NewVote, Problem, Registration
from yard_client.types import File

PASSWORD = "thirteen slow boats at dusk"
POSTS = 100


def register_client(address: str, name: str) -> AuthenticatedClient:
    """Register an account; returns a client that is logged in."""
    client = Client(base_url=address)
    registration = Registration(username=name, email=f"{name}@example.org", password=PASSWORD)
    account = register.sync(client=client, body=registration)
    assert account.username == name, account
    tokens = create_tokens.sync(client=client, body=Login(username=name, password=PASSWORD))
    return AuthenticatedClient(base_url=address, token=tokens.access_token)


def main(picture: Path, address: str) -> None:
    asker, answerer = register_client(address, "asker"), register_client(address, "answerer")
    wrong = create_post.sync(client=asker, body=NewPost(board="qa", title="E", body="Short.", tags=[]))
    assert isinstance(wrong, Problem)
    assert "title" in wrong.errors.additional_properties

    sent = NewFile(file=File(payload=BytesIO(picture.read_bytes()), file_name="leaf.png", mime_type="image/png"))
    file = create_file.sync(client=asker, body=sent)
    assert (file.width, file.height) == (40, 30), file

    words = f"I tried the obvious things.\n\n{file.markdown}"
    asked = [
        create_post.sync(
            client=asker, body=NewPost(board="qa", title=f"How do I move yard {n}?", body=words, tags=["yard"])
        )
        for n in range(POSTS)
    ]
    assert all(post.id for post in asked), asked

    first = asked[0].id
    answer = create_answer.sync(first, client=answerer, body=NewAnswer(body="Lift it gently and walk slowly."))
    assert set_post_vote.sync(first, client=answerer, body=NewVote(value=1)).score == 1
    assert isinstance(set_post_vote.sync(first, client=asker, body=NewVote(value=1)), Problem), (
        "nobody votes for their own"
    )
    assert [item.id for item in list_answers.sync(first, client=asker).items] == [answer.id]
    assert read_post.sync(first, client=Client(base_url=address)).score == 1

    seen, cursor = [], ""
    while cursor is not None:
        page = list_posts.sync(client=asker, author="asker", limit=7, cursor=cursor)
        seen += [item.id for item in page.items]
        cursor = page.next_cursor
    assert seen == [post.id for post in reversed(asked)]
    print("done")


if __name__ == "__main__":
    main(Path(sys.argv[2]), sys.argv[3])
