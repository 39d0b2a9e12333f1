"""Invented names in the variety of English schools, and UPNs with a right check letter."""

from dataclasses import dataclass

import numpy as np

from provmap.sample.chance import Bools, Texts, draw

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


@dataclass(frozen=True)
class Heritage:
    """A pool of names, with the ethnicity and language codes that go with it."""

    share: float
    ethnicities: tuple[str, ...]
    language: str
    eal_share: float
    girls: str
    boys: str
    surnames: str


# fmt: off
HERITAGES = (
    Heritage(0.62, ("WBRI",), "ENG", 0.0,
             "Amelia Olivia Isla Ava Poppy Daisy Evie Grace Florence Ivy Elsie Matilda Ruby Rosie Millie "
             "Harriet Beth Imogen Phoebe Martha Connie Tabitha Eliza Nancy Lottie Robyn Jess Heidi Edie "
             "Maisie",
             "Oliver George Arthur Noah Harry Jack Alfie Theo Freddie Archie Teddy Stanley Albie Ralph "
             "Wilf Callum Reggie Dexter Toby Finley Harvey Jude Ellis Rowan Kit Hugo Bobby Ned Louis "
             "Tyler",
             "Thistlewood Blenkinsop Ackroyd Hargreave Winterburn Marlowe Pickersgill Threlfall Ottaway "
             "Fairbrother Lowther Gathercole Brocklebank Shuttleworth Penhaligon Tregear Satterthwaite "
             "Wragg Culpepper Dunnock Entwistle Fothergill Garside Heathcote Illingworth Jessop "
             "Kettlewell Lumley Micklethwaite Nettleton Oldroyd Pemberton Quigley Ramsbottom Sowerby "
             "Tattersall Underhill Varley Whitlock Yardley Bell Carter Dyson Hall Holt Marsh Mills Reed "
             "Shaw Webb Wood"),
    Heritage(0.06, ("WBRI", "WIRI"), "ENG", 0.0,
             "Niamh Aoife Ffion Seren Eilidh Catrin Isla Sorcha Cerys Mairi Roisín Siân",
             "Rhys Cormac Ewan Ioan Fergus Padraig Gethin Hamish Dylan Oisín Tadhg Macsen",
             "O'Brien O'Rourke McAllister MacInnes Prydderch ap-Gwilym Flynn Gallagher McGrath Llewellyn "
             "Bevan Fitzgibbon O'Dowd Kinsella MacLeod Parry Ó-Súilleabháin D'Arcy"),
    Heritage(0.06, ("APKN",), "URD", 0.68, "Aisha Zainab Hafsa Maryam Iqra Noor Sana Amina Zara Khadija",
             "Amir Hamza Bilal Ibrahim Zayn Haroon Idris Usman Adeel Musa",
             "Hussain Akhtar Mahmood Shafiq Rafiq Chaudhry Mirza Qureshi Malik Iqbal Bashir Ul-Haq"),
    Heritage(0.045, ("AIND",), "PAN", 0.55,
             "Anaya Priya Simran Diya Meera Jasleen Kavya Ishani Nisha Harleen",
             "Arjun Veer Rohan Kiran Jasdeep Aarav Dev Nikhil Gurpreet Ishaan",
             "Krishnamurthy Bhandari Dhillon Rao Iyer Gill Sandhu Nair Mistry Chauhan Deshpande Grewal"),
    Heritage(0.025, ("ABAN",), "BNG", 0.75, "Tasnim Nabila Fariha Sumaiya Raisa Mahira",
             "Tahmid Rayhan Shafin Nafis Adib Zubair", "Begum Miah Uddin Choudhury Khatun Talukdar Rahman"),
    Heritage(0.06, ("WOTH",), "POL", 0.72,
             "Zuzanna Oliwia Hanna Maja Kornelia Ioana Andreea Gabija Viktória Daria",
             "Tomasz Jakub Kacper Szymon Mateusz Andrei Luca Rokas Filip Bartosz",
             "Wiśniewski Łuć Zieliński Dąbrowski Kamiński Popescu Ionescu Kazlauskas Novák Szabó Horváth "
             "Jankauskas"),
    Heritage(0.04, ("BAFR",), "YOR", 0.45, "Temi Adaeze Ama Oluwaseun Efua Chidinma Abena Folake",
             "Kofi Tunde Emeka Kwame Seyi Obinna Yaw Femi",
             "Adeyemi Mensah Boateng Ọlátúnjí Nwosu Asante Eze Owusu Balogun Ogunleye Amoah"),
    Heritage(0.025, ("BAFR",), "SOM", 0.8, "Hodan Ifrah Sahra Ayaan Fatuma",
             "Abdi Liban Guled Mahad Zakariya", "Warsame Abdirahman Farah Hersi Jama Osman Duale"),
    Heritage(0.02, ("BCRB", "MWBC"), "ENG", 0.0, "Shanice Tiana Kezia Naomi Jada",
             "Malachi Jaden Isaiah Tyrese Levi",
             "Campbell Delroy-Grant Samuels Bennett Palmer Fraser Beckford"),
    Heritage(0.025, ("CHNE", "AOTH"), "CHI", 0.65, "Mei-Lin Xinyi Yan-Ting Hana Ji-woo Linh",
             "Wei Jun-Hao Haoran Min-jun Kai Duc", "Zhou Cheung Leung Na Nakamura Nguyen Park Tran Xu"),
    Heritage(0.03, ("OOTH", "AOTH"), "ARA", 0.75, "Layla Rania Yasmin Leen Dilan Nour",
             "Yusuf Omar Karim Sami Rojan Tariq",
             "Demirtaş Al-Masri Haddad El-Sayed Khoury Barzani Yılmaz Çelik Nasser Ibn-Saleh"),
    Heritage(0.02, ("WOTH",), "POR", 0.62, "Inês Leonor Beatriz Lucía Chloé",
             "João Tiago Mateo André Rafael",
             "Gonçalves Araújo Figueiredo Muñoz da-Silva Núñez de-Souza Lefèvre"),
    Heritage(0.015, ("WOTH",), "UKR", 0.9, "Solomiya Daryna Oksana Mila", "Danylo Ostap Bohdan Taras",
             "Shevchuk Kovalenko Bondar Melnyk Tkachenko"),
    Heritage(0.015, ("WROM", "WIRT"), "ENG", 0.2, "Cherish Shannon Lavinia Miley",
             "Levi Jim-Bob Nathan Elvis", "Lee Boswell Cooper Doran Connors"),
)
# fmt: on


def choose_names(stream: np.random.RandomState, girl: Bools) -> dict[str, Texts]:
    """Surname, forename, ethnicity, language and chance of EAL for as many pupils as `girl` has places."""
    count = len(girl)
    which = draw(stream, [str(n) for n in range(len(HERITAGES))], [h.share for h in HERITAGES], count).astype(
        int
    )
    surname, forename, ethnicity, language = (np.empty(count, dtype=object) for _ in range(4))
    eal_share = np.zeros(count, dtype=object)
    for number, heritage in enumerate(HERITAGES):
        here = np.flatnonzero(which == number)
        surname[here] = _some(stream, heritage.surnames.split(), len(here))
        ethnicity[here] = _some(stream, list(heritage.ethnicities), len(here))
        forename[here] = np.where(
            girl[here],
            _some(stream, heritage.girls.split(), len(here)),
            _some(stream, heritage.boys.split(), len(here)),
        )
        language[here] = heritage.language
        eal_share[here] = heritage.eal_share
    both = stream.random_sample(count) < 0.04
    partner = surname[stream.permutation(count)]
    joined = np.array([f"{a}-{b}" for a, b in zip(surname, partner, strict=True)], dtype=object)
    surname = np.where(both & (partner != surname) & ~_holds_hyphen(surname, partner), joined, surname)
    return {
        "surname": surname,
        "forename": forename,
        "ethnicity": ethnicity,
        "language": language,
        "eal_share": eal_share,
    }


def _some(stream: np.random.RandomState, values: list[str], count: int) -> Texts:
    return np.array(values, dtype=object)[stream.randint(0, len(values), count)]


def _holds_hyphen(first: Texts, second: Texts) -> Bools:
    return np.array(["-" in a + b for a, b in zip(first, second, strict=True)], dtype=np.bool_)


def make_upn(authority: str, establishment: int, year: int, serial: str) -> str:
    """A UPN with its check letter; `serial` has three places, the last a letter when it is temporary."""
    body = f"{authority}{establishment:04d}{year % 100:02d}{serial}"
    total = sum((UPN_LETTERS.index(c) if c.isalpha() else int(c)) * w for w, c in enumerate(body, start=2))
    return UPN_LETTERS[total % 23] + body


def upn_is_valid(upn: str) -> bool:
    """Whether the check letter agrees."""
    return len(upn) == 13 and make_upn(upn[1:4], int(upn[4:8]), int(upn[8:10]), upn[10:]) == upn
