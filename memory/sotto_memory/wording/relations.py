"""English relations that hold one value at a time, and the words that spoil a claim about one (pure).

Stands under `keeping.claims`. Lists are short on purpose: a noun that is missing costs a memory that stays beside a
newer one; a noun too many closes a memory that is true.
"""

from typing import Final


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


ROLES: Final = _listed(
    """
    dentist doctor gp physician boss manager supervisor wife husband partner girlfriend boyfriend fiance fiancee
    spouse mother father landlord landlady therapist lawyer solicitor accountant hairdresser barber physio
    physiotherapist trainer coach tutor vet electrician plumber optician orthodontist dermatologist cardiologist
    psychologist psychiatrist paediatrician pediatrician mentor midwife babysitter childminder cleaner gardener
    caretaker mechanic
    """
)
"""People of whom one has one. Brothers, friends and colleagues come in numbers."""
KIN: Final = _listed(
    """
    mother father brother sister son daughter wife husband partner girlfriend boyfriend boss manager dentist
    doctor grandmother grandfather grandma grandpa aunt uncle cousin niece nephew landlord landlady neighbour
    flatmate roommate therapist child kid
    """
)
"""Those whose things one speaks of: "my sister's number"."""
CODES: Final = _listed(
    "password passcode passphrase pin code combination number address username login plate postcode"
)
ATTRIBUTES: Final = _listed(
    """
    name surname nickname birthday email job profession occupation employer hometown nationality size weight
    height type group bank school university college gym religion
    """
)
TITLES: Final = _listed(
    """
    lead leader manager head director chief officer supervisor captain professor nurse sergeant foreman editor
    engineer developer consultant analyst designer accountant teacher principal president secretary ceo cto cfo
    architect assistant coordinator administrator apprentice trainee partner chef cook pilot lecturer postdoc
    """
)
"""Words that a title at work ends with, or has before its "of"."""
INSTITUTIONS: Final = _listed("gym school university college bank")
"""Houses of which one belongs to one at a time."""
SIZED: Final = frozenset(
    {"shoe size", "ring size", "dress size", "shirt size", "hat size", "blood type", "blood group"}
)
"""What a size, type or group has to be of."""
EVENTS: Final = _listed(
    """
    meeting appointment flight train bus ferry party wedding exam test interview call lesson class lecture
    course dinner lunch breakfast concert trip game match delivery session ceremony funeral checkup checkin
    checkout rehearsal practice workshop conference presentation deadline reservation booking viewing service
    event show opening club
    """
)
ING_FAVOURITES: Final = _listed(
    "tea hobby sport activity pastime subject exercise dish food meal dessert drink flavour spice cake city band"
)
"""Of what a favourite may end in "-ing", as darjeeling and swimming do."""
SAID_OF_FAVOURITES: Final = _listed(
    """
    delicious gorgeous fabulous marvellous famous dangerous obvious boring amazing annoying interesting exciting
    disgusting missing charming stunning outstanding refreshing comforting relaxing surprising confusing tiring
    """
)
THINGS: Final = _listed(
    """
    key keys passport charger umbrella wallet purse glasses sunglasses car bike bicycle laptop tablet bag
    suitcase backpack camera torch toolbox ladder medicine medication ticket tickets licence certificate
    contract document documents folder helmet watch ring drill hammer
    """
)
SAME_NOUN: Final = {
    "favorite": "favourite",
    "color": "colour",
    "neighbor": "neighbour",
    "license": "licence",
    "mum": "mother",
    "mom": "mother",
    "dad": "father",
    "telephone": "phone",
    "cell": "mobile",
    "cellphone": "mobile",
    "keys": "key",
    "zip": "postcode",
    "zipcode": "postcode",
    "passkey": "password",
}
PHRASES: Final = {
    "number": "phone number",
    "mobile number": "phone number",
    "email address": "email",
    "e mail": "email",
    "e mail address": "email",
    "mobile phone number": "phone number",
    "front door code": "door code",
    "position": "job title",
    "title": "job title",
    "wi fi": "wifi",
    "home address": "address",
}
"""Whole nouns that mean another; "number" alone is a person's."""
PASSED_OVER: Final = _listed("new current own main regular present actual")
"""Words before a noun that change nothing."""
PETS: Final = _listed("dog cat hamster rabbit horse pony parrot budgie tortoise guinea-pig puppy kitten")
"""Animals of which a name tells which one is meant."""
NOT_THIS_ONE: Final = _listed("old former previous ex last first second third other next future late spare-time")
"""Words before a noun that make it another one."""

SPOILS: Final = (
    r"\b(?:maybe|perhaps|probably|possibly|apparently|supposedly|allegedly|might|could|would|should|shall|wish|hope|if"
    r"|unless|imagine|suppose|pretend|think|thinks|thought|guess|believe|sure|say|said|says|told|heard|used to|want"
    r"|wants|wanted|going to|gonna|thinking|almost|nearly|dream|dreamt|also|too|as well|another|both|either|neither"
    r""
    r"|the same(?! (?:old|place) as my)|same as|(?:as|like) (?:it was|before|ever|always|usual)"
    r"|unchanged|the usual$|the (?:old|usual|first) one"
    r"|one of|some of|sometimes|often|usually|mostly|rarely|when|whenever|until|till|but|or|rather|had been"
    r"|(?:was|were)(?! (?:(?:moved|pushed)(?: back| forward| up)?|changed|switched|rescheduled|postponed|set"
    r"|reset|updated|shifted|delayed|put off|brought forward|promoted) to))\b"
)
"""Hedged, reported, wished for, manifold, passing or over: no claim about what holds now."""
NOBODY: Final = _listed(
    """
    he she it they you we i me him her them us who what which that this these those there here everyone
    everybody someone somebody anyone anybody nobody none everything something nothing all people most many some
    any no one life time and or but so if then than when where why how not never always only just please yes do
    does did can will is are am was were be been has have had not um umm uh er
    erm hm hmm ah oh well okay yeah remember actually
    """
)
"""No names of anybody."""
NOT_A_NAME: Final = _listed(
    """
    a an the my your his her its our their this that these those not no so very really quite too such always
    never often still already again also only just here there where away back home out off up down over in on at
    to from with without for of by as like near behind under about around nice good great bad better best worse
    worst fine okay ok lovely kind sweet mean rude friendly funny strict fair tall short small big old young new
    sick ill well healthy dead alive pregnant angry happy sad mad upset glad cross calm busy late early free
    gone ready right wrong cool hot cold cheap expensive crazy smart clever stupid lazy strange weird odd quiet
    loud honest careful gentle rough amazing awesome awful terrible horrible brilliant wonderful fantastic
    excellent perfect useless helpful polite patient slow fast quick strong weak pretty beautiful handsome ugly
    rich poor famous single married divorced retired foreign english german french italian spanish american
    british irish polish dutch danish swedish norwegian greek turkish russian chinese japanese indian vegetarian
    vegan what who why how sure afraid asleep awake aware unaware able unable worth due one two three four five
    six seven eight nine ten someone somebody nobody everyone everything nothing something half twice once more
    less most least all both every each
    """
)
NO_VALUE: Final = _listed(
    """
    wrong not no too full up out very so really quite secret hard easy long short weak strong correct right gone
    missing broken lost stolen safe invalid same different a an my your his her our their what something nothing
    anything still unknown blocked taped stuck simple always never there here to like just only in on under
    behind at near about from with without for of by as near invalid due high low bad good great fine nice
    better worse okay ok unclear complicated pretty such being
    """
)
NO_PLACE: Final = _listed(
    """
    a an my your his her our their this that these those here there fear peace harmony sin danger hope despair
    pain poverty luxury style exile denial debt tears it own fact order trouble general front back bed vegan
    part another different same left right next other step place motion use shape charge progress question doubt
    full
    """
)
THE_PLACES: Final = _listed("us usa uk netherlands hague city country countryside suburbs coast philippines emirates")
"""What may follow "the" and still be where one lives."""
NO_WORKPLACE: Final = _listed(
    """
    night nights home weekends weekend moment free now myself me us him her them you it hours days weeks months
    years while long money living change least first once last nine ten eleven twelve one two three four five
    six seven eight noon dawn dusk bottom beginning start end top best good fun peace nothing everything
    everyone everybody a-while noise pace times time risk stake
    """
)
COUNTRIES: Final = _listed(
    """
    argentina australia austria bangladesh belgium brazil britain bulgaria canada chile china colombia croatia
    cuba cyprus denmark egypt england estonia ethiopia europe finland france germany ghana greece hungary
    iceland india indonesia iran iraq ireland israel italy jamaica japan kenya latvia lebanon lithuania
    luxembourg malaysia malta mexico morocco nepal netherlands nigeria norway pakistan peru philippines poland
    portugal romania russia scotland serbia singapore slovakia slovenia spain sweden switzerland syria taiwan
    tanzania thailand tunisia turkey uganda uk ukraine us usa vietnam wales zimbabwe america africa asia bavaria
    california texas florida scandinavia
    """
)
STREETS: Final = _listed("street road avenue lane drive square way court close terrace row gardens st rd ave strasse")
