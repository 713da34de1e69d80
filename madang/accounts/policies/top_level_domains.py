"""Top-level domains that mail programs and messengers link without `https://` in front.

All of countries; of the others those that are in common use and are no common name of people, as `kim` and `moe` are.
"""

COUNTRIES = (
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc "
    "cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga "
    "gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp "
    "ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms "
    "mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro "
    "rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt "
    "tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw"
)
GENERIC = (
    "academy app art asia best biz blog business cafe care cash center chat city click cloud club codes coffee com "
    "company cool coop dance date design dev digital directory edu education email energy events expert express "
    "fashion fit fun fund fyi gallery games global gov group guru health help host hosting house icu inc info ink "
    "institute int jobs kids land lat life link live loan lol ltd market marketing media men mil mobi mom money "
    "monster museum net network news ninja online onl org party photo photos pics plus porn press pro promo pub quest "
    "realty red rest review reviews rocks run sale sbs school security services sex shop shopping site social "
    "software solutions space store stream studio style support surf systems team tech technology tel tickets tips "
    "today tools top tours trade training travel tube uno vip web webcam website wiki win work works world wtf xin "
    "xxx xyz zip zone"
)
INTERNATIONAL = (
    "한국 삼성 닷컴 닷넷 中国 中國 台湾 台灣 香港 网址 网络 公司 在线 コム みんな рф бел укр срб бг мкд рус онлайн сайт"
)
TOP_LEVEL_DOMAINS = tuple(f"{COUNTRIES} {GENERIC} {INTERNATIONAL}".split())
