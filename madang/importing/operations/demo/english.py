"""English word lists and templates of the demonstration; `{subject}` and the other placeholders are filled in."""

# tag, subject
SUBJECTS = (
    ("python", "script"),
    ("sqlite", "small database"),
    ("home-server", "home server"),
    ("linux", "old laptop"),
    ("wifi", "router"),
    ("printer", "printer"),
    ("keyboard", "mechanical keyboard"),
    ("backup", "nightly backup"),
    ("bicycle", "rear derailleur"),
    ("bread", "sourdough starter"),
    ("coffee", "hand grinder"),
    ("kimchi", "kimchi fridge"),
    ("garden", "tomato bed"),
    ("house-plants", "rubber plant"),
    ("aquarium", "aquarium filter"),
    ("photography", "film camera"),
    ("guitar", "classical guitar"),
    ("piano", "upright piano"),
    ("sewing", "sewing machine"),
    ("pottery", "kick wheel"),
    ("camping", "two-man tent"),
    ("heating", "floor heating"),
    ("clock", "wall clock"),
    ("telescope", "small telescope"),
)
PROBLEM_FORMS = ("third", "bare", "ing")
PROBLEMS = (
    ("stops after a few minutes", "stop after a few minutes", "stopping after a few minutes"),
    ("makes a clicking noise", "make a clicking noise", "making a clicking noise"),
    ("gets warmer than it should", "get warmer than it should", "getting warmer than it should"),
    ("forgets its settings", "forget its settings", "forgetting its settings"),
    ("works for everybody but me", "work for everybody but me", "working for everybody but me"),
    ("slows down in the evening", "slow down in the evening", "slowing down in the evening"),
    ("wobbles a little", "wobble a little", "wobbling a little"),
    ("smells of burnt dust", "smell of burnt dust", "smelling of burnt dust"),
    ("does nothing at all", "do nothing at all", "doing nothing at all"),
    ("drifts by a few degrees", "drift by a few degrees", "drifting by a few degrees"),
    ("dries out too quickly", "dry out too quickly", "drying out too quickly"),
    ("loses one part in ten", "lose one part in ten", "losing one part in ten"),
)
OCCASIONS = (
    "after the last update",
    "when it rains",
    "since I moved house",
    "on the first cold morning",
    "with two people in the room",
    "after a week without use",
    "when the neighbours are at home",
    "only on Mondays",
    "at the end of a long day",
    "once the battery is half empty",
    "after I cleaned it",
    "in direct sunlight",
)
ACTIONS = ("clean", "move", "repair", "replace", "adjust", "store", "test", "lend out", "take apart", "set up again")
TITLES = (
    "Why does my {subject} {bare} {occasion}?",
    "My {subject} {third} {occasion}: what should I check first?",
    "How do I keep a {subject} from {ing}?",
    "Is it normal that a {subject} {third} {occasion}?",
    "What is the gentlest way to {action} a {subject}?",
    "{subject!c} {third} {occasion}, but a friend's does not",
    "Can I {action} my {subject} without special tools?",
    "How often should one {action} a {subject}?",
    "Before I {action} the {subject}: what can go wrong?",
    "A {subject} that {third} {occasion}",
)
QUESTIONS = (
    "I have had this {subject} for about three years, and until last month it never gave me any trouble. "
    "Now it {third}, most of all {occasion}.",
    "My {subject} {third} {occasion}. The manual says nothing about it, and the seller only told me to *wait and see*.",
    "We share one {subject} in our house. For some time it has been {ing}, and nobody agrees on the reason.",
    "This is my first {subject}, so I may be missing something obvious: it {third} {occasion}.",
    "Yesterday I wanted to {action} the {subject} and noticed that it {third}. I do not want to make it worse.",
    "I read that a {subject} should never {bare}, yet mine does, and **only** {occasion}.",
)
DETAILS = (
    "It began slowly. At first I thought that I was imagining it, then my sister noticed the same.",
    "I have kept notes for two weeks: it happened on nine days out of fourteen, never before noon.",
    "A new one costs more than I would like to spend, so I would rather understand what is going on.",
    "The shop offers a repair, but they could not tell me what they would do.",
    "What I have tried so far:\n\n- turning everything off for a night\n- using another socket\n"
    "- asking the neighbours",
    "I measured it twice with a borrowed thermometer and got `21.5` and `22.0`, so the difference is real.",
    "There is a small mark on the left side that I had never seen before. It may be nothing.",
    "If it matters: I live on the third floor, the house is from the seventies, and the winters are dry.",
    "This is all that I could find in the log:\n\n```text\n07:12:04 warning: expected 12, got 11\n"
    "07:12:05 trying again (2 of 5)\n```",
    "Reading it line by line brought me here:\n\n```python\nfor step in range(5):\n    if not ready(step):\n"
    "        wait(step * 2)\n```",
)
CLOSINGS = (
    "Has anybody seen this before?",
    "Where would you look first?",
    "I would be glad about any hint, however small.",
    "Should I worry, or simply live with it?",
    "Thank you for reading this far.",
)
ANSWERS = (
    "That sounds like what my {subject} did last year. It turned out to be dust, and ten minutes with a soft "
    "brush were enough.",
    "A {subject} that is {ing} nearly always wants one thing: less of everything. Take a third away and look "
    "again after a week.",
    "Do not {action} it yet. First find out whether it also happens when the {subject} stands somewhere else.",
    "I mend these for a living. When a {subject} {third}, it is the cheapest part in eight cases out of ten.",
    "Yes, that is normal. Every {subject} of that age {third} {occasion}; mine has done so for years.",
    "The short answer: tighten it by *a quarter turn*, no more. The long answer fills a book on the {subject}.",
)
ADVICE = (
    "Go step by step and change one thing at a time, or you will never know what helped.",
    "1. Write down what it does now.\n2. Put everything back to how it was when you bought it.\n3. Wait for a day.\n"
    "4. Compare.",
    "If that does not help, ask for a part called the *spacer*. It costs less than a cup of coffee.",
    "> never before noon\n\nThat is the part I would think about: what else begins at noon in your house?",
    "Be careful with oil. A little is good, a little more is worse than none.",
    "In my notes from that time I found the line that made the difference:\n\n```text\nlimit = 12   # was 11\n```",
    "Somebody in the village showed me this twenty years ago, and it has worked ever since.",
    "Should it come back in spring, then it is the humidity, and a bowl of rice nearby will do.",
)
COMMENTS = (
    "Which year is yours from?",
    "Did it help in the end? I have the same trouble.",
    "Could you add a picture of the left side?",
    "This worked for me, thank you!",
    "I would not do that with an older one.",
    "Be sure to unplug it first.",
    "That is exactly what the *manual* should have said.",
    "How long did you wait before you tried again?",
    "The same here, and only in winter.",
    "A quarter turn was enough, as you said.",
    "What does `limit` say on yours?",
    "Are you sure that it is not the socket?",
)
FIRST_NAMES = (
    "Mira", "Tobin", "Odile", "Pavel", "Senna", "Jonas", "Ines", "Rufus", "Wilma", "Gregor", "Talia", "Hugo", "Nora",
    "Felix", "Ida", "Casper", "Lotte", "Emil", "Vera", "Oskar",
)  # fmt: skip
LAST_NAMES = (
    " Quist", " Hale", " Marsh", " Rook", " Brook", " Field", " Alder", " Kane", " Stone", " Lund", " Moss", " Penn",
    " Vale", " Dorn", " Bloom", " Wren", " Finch", " Frost", " Lake", " Thorn",
)  # fmt: skip
BIOS = ("", "", "I mend things that others throw away.", "Gardener on weekdays, baker on Sundays.", "Asks too much.")
