"""Words that say nothing about the subject of a title, as the tokenizer writes them."""

from .tokenizer import tokens

ENGLISH = (
    "a about after again all also am an and any anybody anyone anything are as at be because been before being both but"
    " by can cannot could did do does doing done don during each either else ever every for from get gets getting had"
    " has have having he her here him his how i if in into is isn it its just know let like m may me might mine more"
    " most much must my no nor not of off on once one only or other our out over own please possible s same shall she"
    " should so some somebody someone something still such t than that the their them then there these they this those"
    " through to too under until up us use used using ve very want was we were what when where whether which while who"
    " better best good whom whose why will with within without would you your"
)
KOREAN = (
    "가요 건가 것은 것이 것인 겠어 경우 까요 나요 나여 네요 는가 는거 는건 는것 는데 는지 니까 니다 대해 되나 되는"
    " 되요 돼요 떻게 라는 려면 면서 무슨 무엇 방법 부터 세요 습니 시나 싶어 싶은 아요 알려 어떤 어떻 어요 없나"
    " 었는 에는 에서 예요 왜 요 으로 은가 은데 을까 이나 이란 이유 인가 인데 인지 있나 있는 있을 있어 좀 주세 지요"
    " 질문 하고 하기 하나 하는 하려 하면 하지 한데 할까 해서 해야 해요 했는"
)
FILLER = frozenset(tokens(ENGLISH)) | frozenset(KOREAN.split())
