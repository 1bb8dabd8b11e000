"""Words that stand where a home, a workplace or a person's name stands, and are none (pure).

Stands under `keeping.values` and `keeping.passing`. No list is whole: whatever is missing here costs a fact that is
closed too early, so shapes (see `keeping.values`) do the rest.
"""

from typing import Final

from sotto_memory.wording import calendar


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


FEASTS: Final = _listed("easter christmas xmas halloween thanksgiving ramadan hanukkah pentecost carnival advent eid")
SPANS: Final = (
    r"(?:spring|summer|autumn|winter|season|semester|term|holidays?|vacation|weekend|weekday|week|month|year|day"
    r"|evening|morning|night|afternoon|quarter|breaks?|off-season"
    rf"|{'|'.join((*calendar.WEEKDAYS, *calendar.MONTHS, *sorted(FEASTS)))})"
)
"""Of what passes and comes back: "in winter", "at weekends"."""
UNITS: Final = _listed(
    """
    team plan level group grade class page chapter row seat table line gate phase stage step version round channel
    division department unit tier option shift track model squad band section category item slide lesson week day
    """
)
"""What a number or a letter follows."""
DEPARTMENTS: Final = _listed(
    """
    sales marketing finance accounting accounts engineering operations logistics procurement purchasing support
    research legal payroll compliance controlling production hr it pr qa management design administration
    communications recruiting
    """
)
TOOLS: Final = _listed(
    """
    linux windows android ios macos mac ubuntu debian fedora python java javascript typescript rust ruby kotlin
    swift perl golang php scala spotify netflix tidal deezer slack zoom teams skype discord signal whatsapp telegram
    threema facebook instagram tiktok twitter mastodon bluesky snapchat notion obsidian evernote trello jira github
    gitlab bitbucket outlook gmail protonmail thunderbird firefox chrome safari edge brave google apple microsoft
    amazon aws azure kubernetes docker postgres sqlite mysql mongodb excel word powerpoint latex photoshop figma vim
    emacs vodafone telekom paypal bitcoin kindle alexa siri chatgpt email digital online electric gas solar
    """
)
DRINKS_AND_HABITS: Final = _listed(
    """
    tea coffee decaf wine beer oat soy almond water vegan veganism weekly monthly yearly daily hourly quarterly
    united rovers albion wanderers metric nights days mornings evenings cash contacts
    """
)
LANGUAGES: Final = _listed(
    """
    american arab arabic argentinian australian austrian bavarian belgian brazilian british bulgarian canadian
    chilean chinese croatian cuban czech danish dutch egyptian english estonian finnish flemish french german greek
    hindi hungarian icelandic indian indonesian iranian iraqi irish israeli italian japanese kenyan korean latin
    latvian lebanese lithuanian mandarin mexican moroccan nigerian norwegian pakistani peruvian polish portuguese
    romanian russian scottish serbian slovak slovenian spanish swahili swedish swiss syrian taiwanese thai tunisian
    turkish ukrainian vietnamese welsh european african asian
    """
)
"""Languages, and where somebody comes from."""
BELIEFS: Final = _listed(
    """
    catholic protestant orthodox lutheran anglican methodist baptist christian muslim jewish hindu buddhist sikh
    atheist agnostic religious conservative liberal socialist republican democrat communist
    """
)
NO_PERSON: Final = _listed(
    """
    god king queen emperor hell heaven satan devil santa trouble history family perfection gold fire ice money love
    luck fate destiny time work sport football music sleep coffee chocolate tea wine beer silence laughter nature
    rain sunshine yoga exercise running reading cooking travel freedom health hunger fear pain peace boredom
    dead-weight everything art science poetry dance tennis basketball
    golf swimming cycling jazz rock techno pop chaos law food fashion gossip death war
    """
)
PERSON_ENDINGS: Final = r"(?:ness|[ts]ion|ism|ment|hood|ity|ist|ology|itude)$"
"""Of what is thought or believed, none of whom has a name (but see `NAMES_ALIKE`)."""
NAMES_ALIKE: Final = _listed("charity felicity trinity serenity verity unity amity marion clement")
FURNITURE: Final = _listed(
    """
    table desk window counter bench sofa couch chair door piano computer laptop screen keyboard stove sink till
    treadmill fireplace whiteboard machine
    """
)
"""At which one works without working for it."""
ROOMS: Final = _listed("office kitchen lounge attic cellar basement bedroom house heart")
"""The same, where nothing before it says whose: "the harbour office" may be somebody's workplace."""
MANNERS: Final = _listed(
    """
    full short top high low random double half maximum minimum record breakneck lightning sunrise sunset dawn dusk
    lunchtime daybreak midday midnight noon nought crack rock height sea rest odds once will all any every
    this that these those
    present length heart gunpoint
    """
)
"""How and when one works "at"."""
PACES: Final = _listed("pace speed tilt steam capacity stretch throttle notice risk peril cost rate scale ease")
DWELLINGS: Final = (
    r"(?:flat|house|apartment|studio|home|place|room|cottage|bungalow|maisonette|villa|loft|bedsit|caravan|houseboat"
    r"|farm|farmhouse|penthouse|condo|townhouse|duplex|hostel|hospice|dorm|flatshare)"
)
"""What one lives in, in a town."""
MAKES: Final = _listed(
    """
    audi bmw mercedes volkswagen vw opel porsche ford fiat renault peugeot citroen skoda seat volvo saab toyota
    honda nissan mazda mitsubishi subaru suzuki lexus hyundai kia dacia tesla mini jaguar rover bentley ferrari
    lamborghini maserati jeep chevrolet dodge cadillac buick chrysler polestar smart vauxhall cupra byd
    golf polo passat astra corsa yaris corolla prius civic fiesta focus mondeo clio twingo kangoo octavia fabia
    beetle tiguan touran leaf zoe
    """
)
GUESTS: Final = _listed(
    """
    guests kids children parents visitors students teachers sales sports news bus gas address access class glass
    business always its his hers ours yours theirs this was has does is us plus less across cross perhaps thanks
    customers users members friends girls boys days years times clubs schools cars bags pass boss houses keys doors
    """
)
"""Words on -s that are no name with its apostrophe left out."""
