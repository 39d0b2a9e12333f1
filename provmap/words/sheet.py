"""What a family reads on its sheet: short sentences in short words, and nothing that blames or ranks.

`{name}` is the child's forename. A test holds the reading age of all of this down.
"""

# What we help with, and how a family can help, by code of need (in lower case); else by the area of it.
NEEDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "spld": ("reading and spelling words", (
        "Read a book out loud to {name}. It is good to hear it too.",
        "Play word games for ten minutes. Stop while it is still fun.",
    )),
    "mld": ("taking in new things", (
        "Say one thing at a time. Then show it.",
        "Go over the same thing a little each day.",
    )),
    "sld": ("learning in small steps", (
        "Use the same words and signs as we do.",
        "Let {name} try first. Then help.",
    )),
    "pmld": ("learning with touch, sound and sight", (
        "Give {name} time to look, touch and reply.",
        "Tell us what {name} likes best.",
    )),
    "ds": ("learning by seeing and doing", (
        "Show it as well as say it.",
        "Go over the same thing a little each day.",
    )),
    "slcn": ("talking and listening", (
        "Talk with {name} about the day. Wait for the reply.",
        "If a word is hard, say it again in a full sentence.",
    )),
    "asd": ("knowing what comes next, and being with others", (
        "Tell {name} what will come next. Use a list or pictures.",
        "Keep a calm place at home.",
    )),
    "semh": ("feelings and friends", (
        "Ask about the best part of the day.",
        "Give a feeling its name: cross, sad, or glad.",
    )),
    "hi": ("hearing well in class", (
        "Face {name} when you talk. Turn the noise down first.",
        "Look after hearing aids with {name} each day.",
    )),
    "vi": ("seeing well in class", (
        "Use good light and big print.",
        "Tell {name} what is where when you come to a new place.",
    )),
    "msi": ("hearing and seeing well in class", (
        "Come close, and let {name} know that you are there.",
        "Give {name} time to touch and look.",
    )),
    "pd": ("moving, and using hands and body", (
        "Let {name} do what can be done alone, and take your time.",
        "Play with clay, pegs or a ball.",
    )),
    "eal": ("learning English", (
        "Talk and read in your own language. It helps with English too.",
        "Ask {name} to teach you new English words.",
    )),
    "more_able": ("going further with things that {name} is good at", (
        "Ask “why?” and “what if?”.",
        "Let {name} pick a topic to find out more about.",
    )),
    "attendance": ("coming to school each day", (
        "Pack the bag and lay out the clothes at night.",
        "Ring us first thing if something is in the way.",
    )),
    "reading": ("reading", (
        "Read with {name} for ten minutes a day.",
        "Talk about the story. What may come next?",
    )),
    "phonics": ("the sounds in words", (
        "Say the sounds in a word. Then say the word.",
        "Look for a sound on signs when you are out.",
    )),
    "spelling": ("spelling", (
        "Pick three words a week. Look, cover, write, check.",
        "Look for the words in a book.",
    )),
    "writing": ("writing", (
        "Write lists and notes with {name}.",
        "Say the sentence out loud first. Then write it.",
    )),
    "mathematics": ("maths", (
        "Count, cook and shop with {name}.",
        "Play a card or dice game.",
    )),
    "science": ("science", ("Ask how things work. Find out with {name}.",)),
}  # fmt: skip
AREAS: dict[str, tuple[str, tuple[str, ...]]] = {
    "cognition and learning": NEEDS["mld"],
    "communication and interaction": NEEDS["slcn"],
    "social, emotional and mental health": NEEDS["semh"],
    "sensory and physical": ("seeing, hearing or moving well in class", (
        "Tell us what works well at home.",
    )),
    "english as an additional language": NEEDS["eal"],
    "more able": NEEDS["more_able"],
    "attendance": NEEDS["attendance"],
}  # fmt: skip
# Of a need of the school's own that stands in no area, and of the codes that say no more.
ANY_NEED = ("things that are hard just now", ("Tell us what works well at home.",))
# For everybody.
ALWAYS = ("Ask {name} what went well today.", "Come and talk to us at any time.")

# What a subject is called, where a child says it in another word.
SUBJECTS = {"mathematics": "maths"}
HEADINGS = {
    "said": "What you said",
    "do": "What we do",
    "why": "Why we do it",
    "going": "How it is going",
    "help": "How you can help",
    "yours": "Your turn",
}
DELIVERY = {
    "whole class": "In class, with all the others.",
    "guided group": "In class, in a small group.",
    "group": "In a small group.",
    "one to one": "One to one, with a grown-up.",
    "beyond school": "Out of lessons.",
}
IN_CLASS = "In class: we have changed the way we teach it."
MINUTES = "About {minutes} minutes a week."
WITH = "With {staff}."
HOPE = "We hope for this:"
SOON = "It will start on {day}."
WHY = ("We all learn in our own way. Some things take more time.", "At the moment we help {name} with:")
WHY_NOTHING = "{name} has what all the class has. We look at this each term."
ASK_DO = "Please ask us about this."
NO_PROVISION = "{name} joins in with the class. Nothing more is planned just now."
GOING = {
    "up": "{subject} has gone up since {day}.",
    "same": "{subject} is much the same as it was on {day}.",
    "down": "{subject} was harder this time. We will look at why.",
    "first": "We have one result in {subject} so far. We will look again soon.",
}
# How a goal stands. The three after the first two are said only where results have gone up since it was set.
TARGETS = {
    "reached": "You got there. Well done!",
    "reached_then": "You got there once. You can get there again.",
    "within_reach": "You are nearly there.",
    "not_yet": "You are on the way.",
    "overdue": "It has gone up. It is not there yet. Let us talk about it.",
    "same": "It is not there yet. It is much the same as at the start.",
    "fallen": "It is not there yet. It was harder this time. We will look at why.",
    "no_news": "It is not there yet. We will look again soon.",
    "no_result": "We will look at it soon.",
}
TARGET = "Your goal in {subject}. {state}"
GOAL = "Your goal: to reach {goal} in {subject}. {state}"
AGE, MONTHS = "the age of {years} years", " and {months} months"
ENDED = {
    "met": "{provision} is done. It did what we had hoped.",
    "partly met": "{provision} is done. It helped in part.",
    "not met": "{provision} is done. It did not help as we had hoped.",
}
NO_NEWS = "There is no news yet. We will look again soon."
ATTENDED = "{name} was in school for {attended} of {possible} half days this year."
CHILD_SAID, FAMILY_SAID = "{name} said", "You said at home"
NOT_SAID = "We have not yet written down what you think. Please tell us."
YOURS = "Draw or write. What do you like? What is hard? What shall we try next?"
ASK_US = "Do you want to know more? Please ask us."


def sentences() -> list[str]:
    """Every sentence of our own that can stand on a sheet."""
    given = [words for _, helps in (*NEEDS.values(), *AREAS.values(), ANY_NEED) for words in helps]
    given += [f"We help with {what}." for what, _ in (*NEEDS.values(), *AREAS.values(), ANY_NEED)]
    given += [*ALWAYS, *DELIVERY.values(), *WHY, *GOING.values(), *TARGETS.values(), *ENDED.values()]
    return [
        *given, IN_CLASS, MINUTES, WITH, HOPE, SOON, WHY_NOTHING, ASK_DO, NO_PROVISION, NO_NEWS, ATTENDED,
        NOT_SAID, YOURS, ASK_US,
    ]  # fmt: skip
