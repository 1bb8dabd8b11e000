"""What people say without telling anything, in English: greetings, thanks, fillers, words that only weigh (pure).

Stands beside `words`. `keeping.gate` takes these out of a text and looks at what is left. All is without case,
punctuation and apostrophes, as recognised speech is.
"""

import re
from typing import Final

from sotto_memory.wording.words import STOP_WORDS


def _any_of(phrases: str) -> re.Pattern[str]:
    """One pattern for phrases, a line each; the longest is tried first."""
    lines = sorted((line.strip() for line in phrases.strip().splitlines()), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(lines)})\b")


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


GREETINGS: Final = _any_of("""
    (?:hello|hi|hey|hiya|howdy)(?: (?:there|again|everyone|everybody|all|guys|folks))?
    good (?:morning|afternoon|evening|night|day)(?: (?:everyone|everybody|all|guys|folks|to you))?
    (?:bye|goodbye|good bye|cheerio|ciao|farewell)(?: (?:bye|now|then|everyone))*
    see you(?: (?:later|soon|tomorrow|then|there|around|next time|next week|on \\w+day))*
    take care(?: of yourself)?|have a (?:nice|good|great|lovely|safe) \\w+|good luck(?: with that)?|sleep well
    (?:(?:its|it is|it was|so|very|really) )*(?:nice|good|great|lovely|pleased)\
 (?:to (?:meet|see)|seeing|meeting) you(?: too)?
    how (?:are|is) (?:you|it|things|everything|everybody|everyone)(?: (?:doing|going|today|all|feeling))*
    hows (?:it|things|everything)(?: going)?|how have you been|how do you do|whats (?:up|new|going on)
    im (?:fine|good|okay|ok|well|great|all right|alright)(?: (?:thanks|thank you|too))*
    long time no see|welcome(?: back| home)?|happy (?:birthday|new year|easter|anniversary)(?: to you)?
    merry christmas|congratulations|cheers|bless you|enjoy(?: your meal| yourself)?|bon appetit
    safe (?:travels|trip|journey|flight)
""")
"""Greetings, partings and wishes."""

SMALL_TALK: Final = _any_of("""
    (?:many )?thanks(?: (?:a lot|so much|again|anyway|very much|for \\w+(?: \\w+)?))?
    thank you(?: (?:so|very) much| again| for \\w+(?: \\w+)?)?
    (?:youre|you are) (?:very |most )?welcome|my pleasure|dont mention it
    no (?:problem|worries|way|idea|thanks|thank you)
    not at all|(?:im |i am )?(?:so |very |really )?sorry(?: (?:about that|to hear that|for that|im late))?
    excuse me|pardon(?: me)?
    i (?:didnt|did not|cant|cannot|couldnt) (?:quite )?(?:catch|hear|get|understand) (?:that|you|it|what you said)
    can you hear me(?: now)?|say that again|come again|one more time|testing(?: testing)*
    one two(?: three)?(?: testing)?
    (?:hold|hang) on(?: a)?(?: (?:second|sec|minute|moment))?
    (?:just )?(?:a|one|give me a|wait a) (?:second|sec|minute|moment)
    (?:ill|i will|i shall) be (?:right )?(?:back|there|with you)(?: in a (?:second|sec|minute|moment))?
    where was i|(?:as|what) i was saying|(?:as|like) i said|you know what(?: i mean)?|(?:if )?you know|i mean
    i know(?: right)?
    i (?:guess|think|suppose|hope|believe|see|get|reckon) ?(?:so|not|it|that)?
    i (?:dont|do not) (?:know|think so|care|mind|get it)
    i agree|i understand|i love (?:it|that|this)|i like (?:it|that|this)|i hate (?:it|that|this)|i swear|i bet
    i wish
    let me (?:think|see|check|know)(?: about (?:it|that))?|lets (?:see|go|do (?:it|this|that)|eat|move on|start)
    (?:that|it|this)(?:s| is| was)?(?: (?:all|so|very|really|just|quite|pretty|too|not))*\
 (?:right|true|fine|it|all|okay|ok|enough|life|fair|correct|bad)
    (?:that|it) (?:makes sense|depends|works|sounds (?:good|great|fine)(?: to me)?|happens)|makes sense
    fair enough
    (?:sounds|looks) (?:good|great|fine|nice|like a plan)(?: to me)?|whatever(?: you (?:say|want|like))?
    never ?mind
    forget (?:about )?(?:it|that)|it is what it is|(?:what|so) (?:a )?(?:pity|shame|mess)
    (?:oh )?my (?:god|goodness|gosh)|oh dear
    (?:are you |youre |you are )?(?:serious|kidding|joking)(?: me)?
    (?:thats |that is |this is )?(?:so |very |really |too )?(?:funny|crazy|hilarious)
    (?:it|weather) ?(?:s|is|was)?(?: (?:so|very|really|quite|pretty|a bit|too|been))*\
 (?:cold|hot|warm|rainy|sunny|windy|chilly|freezing|raining|snowing|wet|dark)\
(?: (?:today|outside|out|here|again|in here|this morning))*
    (?:what )?(?:a )?(?:lovely|nice|beautiful|terrible|awful|horrible|great) (?:weather|day)(?: (?:today|outside))?
    (?:isnt|is not|arent|doesnt|dont|wasnt|right) (?:it|you|they|he|she)|not (?:too|so|that) bad|so far so good
    same here|me (?:too|neither)
    how was (?:your|the) \\w+|how about (?:you|that)|what about (?:you|it|that)
    (?:here|there) (?:you|we|it) (?:go|are|is)
    (?:all )?(?:got|did|made) it|of course|come on|go (?:on|ahead|for it)|well done
    good (?:job|point|idea|for you|one|question|grief)|nice one
    all (?:right|good|set|done)(?: then)?|fine (?:by|with) me|no (?:no)+|be careful|shut up|stop it|go away
    listen to me
    (?:please )?(?:like and )?subscribe(?: to (?:the|my|our) channel)?|thanks for watching
    see you in the next (?:one|video)
    (?:in )?(?:any case|any way)|by the way|to be honest|at the end of the day|long story short
    or (?:something|whatever)(?: like that)?|and (?:so on|stuff)
""")
"""Thanks, assent, asides, weather: what keeps a conversation going."""

FILLERS: Final = _set_of(
    "um umm uh uhh uhm er erm ah aha oh ooh ouch hm hmm hmmm mm mmm mhm huh ha haha hahaha hehe yeah yes yep yup"
    " yea no nope nah okay ok k right so well like just really actually basically literally anyway anyways alright"
    " sure exactly indeed absolutely definitely totally certainly obviously honestly seriously maybe perhaps"
    " possibly probably please wow oops ugh phew yay whoa gosh god damn blah la bla then and but though good fine"
    " great cool nice awesome amazing perfect lovely wonderful brilliant fantastic excellent super true correct hey"
)
"""Words that alone, or among themselves, tell nothing."""

WEAK: Final = (
    STOP_WORDS
    | FILLERS
    | _set_of(
        "he she they we it i you that this these those what who im ive ill id hes shes its were youre theyre"
        " thats dont doesnt didnt isnt arent wasnt werent cant cannot couldnt wouldnt shouldnt wont not never"
        " very too also even ever still yet again now here there where when why how one ones thing things stuff"
        " something anything nothing everything someone somebody anyone everyone way bit lot lots kind sort much"
        " many more most go goes going went gone get gets getting got do does doing done did make makes made say"
        " says said saying tell tells told think thinks thought know knows knew see sees saw look looks come"
        " comes came want wants wanted take takes took put let lets need give gives gave try mean means guess"
        " feel feels seem seems keep love loves like likes liked hate bad better best ok big up down out off"
        " over back away only if because than gonna wanna gotta might may must today wait always sometimes could"
        " should would decided"
    )
)
"""Words that do not make a statement by themselves, however many stand together."""

_EVERYDAY: Final = """
ask asks asked happen happens happened matter matters mind worry worried care help stop start started hear heard
listen watch talk talking talked call hurry relax agree believe bother suppose wonder hope hoping wish swear bet
promise keeps tired late early hungry thirsty busy interesting funny terrible horrible awful worse worst weird
strange crazy silly ready happy sad sweet pity sorry angry bored boring excited exciting cold hot warm fair serious
different same other others another next last first second later soon ago once twice already tonight tomorrow
yesterday moment minute minutes time times people guys guy everybody nobody somewhere anywhere nowhere else instead
together alone around through along hard easy nicely quick quickly slow slowly little few less least enough quite
rather almost exactly point idea ideas problem question answer case fact course kidding joking lucky luck surprise
surprised glad pleased welcome sense true false wrong rest part end whole full whatever whoever wherever whenever
however fun joke kind stay leave leaving sit stand fingers crossed journey change
"""
WEAK_EVERYWHERE: Final = WEAK | _set_of(_EVERYDAY)
"""With these, the thousand and one remarks of the day; what is left over is what the talk is about."""
_DOING: Final = """
is are am was were be been has have had do does did can could will would shall should must may might cant dont didnt
doesnt wont isnt arent wasnt im ive id ill hes shes its youre theyre were broke fought met bought sold went came took
gave got made told found lost kept left lent led felt fell ran sang sat spoke stood taught threw wore won wrote drank
drove ate flew grew knew paid put quit read rode rose saw sent set shut slept spent stole swam built born cost hurt
"""
DOING: Final = _set_of(_DOING)
"""Words by which a few words become a sentence, besides those that end like "likes" and "liked"."""
SPEAKERS: Final = frozenset({"i", "we", "they"})
"""What stands behind these is done: "I collect old maps"."""
SUBORDINATE: Final = _set_of("if as because although unless whereas to")
"""What begins with these, and is short, leans on something that was not said."""
ORDERS: Final = re.compile(
    r"(?:(?:please|just|okay|ok|now|hey|oh|so|and|well|then|come on|go) )*"
    r"(?:(?:dont|do not|never|lets|let (?:me|us|him|her|them|it))(?! forget) \w+"
    r"|(?:okay|ok|hey) google|alexa|hey siri"
    r"|(?:give|keep|take|look|tell|say|come|go|wait|stop|put|try|listen|watch|hold|show|bring|pass|open|close|shut"
    r"|turn|sit|stand|hurry|relax|calm|hand|grab|check|pick|leave|move|get|help|pull|push|throw|read|send|ask|follow|guess"
    r"|imagine|forget|ignore|excuse|trust|believe|mind|promise|press|click|drop|eat|drink|smell|taste)"
    r" (?:me|us|him|her|them|it|that|this|the|a|an|my|your|up|down|in|on|off|out|over|here|there|at|to|some|more"
    r"|(?!\w+ (?:is|are|was|were|has)\b)\w+))\b"
)
"""Somebody is told to do something; that states nothing."""

ASKING: Final = re.compile(
    r"(?:(?:so|and|but|well|oh|um|uh|hey|hi|hello|okay|then|anyway|google|alexa) )*(?:"
    r"(?:is|are|am|was|were|does|did|isnt|arent|doesnt|didnt|wasnt|werent|couldnt|wouldnt|shouldnt|dont you|havent)\b"
    r"|(?:do|can|could|will|would|shall|should|have|has|had|may|must|might|cant|wont)"
    r" (?:i|you|he|she|it|we|they|there|this|that|these|those|your|somebody|anybody|anyone|someone|everyone)\b"
    r"|(?:where|who|why|when|(?:how|what|which|whose)(?: (?!(?:i|we|you|he|she|they|it)\b)\w+){0,2}?)"
    r" (?:is|are|was|were|do|does|did|can|could|will|would|shall|should|have|has|had|am)\b"
    r"|(?:what|where|who|why|how)s\b|(?:why not|how come|what (?:about|if|for)|how about|who (?:else|knows))\b)"
)
"""How questions begin."""

DANGLING: Final = _set_of(
    "a an the and or but because if that which who whose whom my your our their its am is are was were be been to"
    " of with for from at into under by than as very really should would could will can must shall might i he she we"
    " they im ive youre theyre hes shes about between during without near behind beside until since while when where"
    " although unless whether every each some any not just"
)
"""A sentence that ends with one of these was cut off."""
DANGLING_AFTER_VERBS: Final = frozenset({"in", "on", "have", "has", "had", "it is"})
"""These end a sentence only behind a form of "be" or "do": "the light is on"."""
BEING: Final = _set_of("is are was were be been am do did come came go went moved turned switched get got")

POINTING: Final = _set_of("he she it they hes shes its theyre his hers theirs him them thats theyve")
"""Somebody or something whom only the talk before it names."""
PEOPLE: Final = frozenset({"he", "she", "they"})
"""Those of them who may do something worth knowing."""
POINTING_IF_ALONE: Final = _set_of("this that these those")
"""So do these, unless the thing they point at is said: "this house"."""
POINTED_ENDINGS: Final = ("ed", "ks", "ls", "ts", "ps", "rs")
"""Behind "this" and "that": of verbs more often than not ("that smells good")."""
POINTED_VERBS: Final = _set_of(
    "is are was were one ones has have had can could will would should does did costs belongs looks seems works"
    " needs goes comes means makes gets"
)
