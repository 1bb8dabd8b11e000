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
    "um umm uh uhh uhm er erm ah aha aw ow oh ooh ouch hm hmm hmmm mm mmm mhm huh ha haha hahaha hehe yeah yes yep"
    " yup"
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
doesnt wont isnt arent wasnt werent couldnt wouldnt shouldnt havent hasnt hadnt weve became began bit blew brought
caught chose drew fed forgot froze gone held hid hung laid learnt lit meant rang said shook shot stuck swore taught
tore woke im ive id ill hes shes its youre theyre were broke fought met bought sold went came took gave got made
told found lost kept left lent led felt fell ran sang sat spoke stood threw wore won wrote drank drove ate flew grew
knew paid put quit read rode rose saw sent set shut slept spent stole swam built born cost hurt
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
    r"|turn|sit|stand|hurry|relax|calm|hand|grab|check|pick|leave|move|get|help|pull|push|throw|read|send|ask"
    r"|follow|guess"
    r"|imagine|forget|ignore|excuse|trust|believe|mind|promise|press|click|drop|eat|drink|smell|taste)"
    r" (?:me|us|him|her|them|it|that|this|the|a|an|my|your|up|down|in|on|off|out|over|here|there|at|to|some|more"
    r"|(?!\w+ (?:is|are|was|were|has)\b)\w+))\b"
)
"""Somebody is told to do something; that states nothing."""

ASKING: Final = re.compile(
    r"(?:(?:so|and|but|well|oh|um|uh|hey|hi|hello|okay|then|anyway|google|alexa|right|now|yeah|no|ooh|ah|sorry) )*(?:"
    r"(?:is|are|am|was|were|does|did|isnt|arent|doesnt|didnt|wasnt|werent|couldnt|wouldnt|shouldnt|dont you|havent)\b"
    r"(?! (?:in|on|at|from|with|not|no|born|allergic|always|never|usually|getting|going|having)\b)"
    r"|(?:do|can|could|will|would|shall|should|have|has|had|may|must|might|cant|wont)"
    r" (?:i|you|he|she|it|we|they|there|this|that|these|those|your|somebody|anybody|anyone|someone|everyone)\b"
    r"|(?:where|who|why|when|(?:how|what|which|whose)(?: (?!(?:i|we|you|he|she|they|it)\b)\w+){0,2}?)"
    r" (?:is|are|was|were|do|does|did|can|could|will|would|shall|should|have|has|had|am)\b"
    r"|(?:what|where|who|why|how)s\b(?! \w+(?: \w+)? (?:is|was)\b)|(?:why not|how come|what (?:about|if|for)"
    r"|how about|who (?:else|knows))\b)"
)
"""How questions begin."""

DANGLING: Final = _set_of(
    "a an the and or but because if that which who whose whom my your our their its am is are was were be been to"
    " of with for from at into under by than as very really should would could will can must shall might i he she we"
    " they im ive youre theyre hes shes about between during without near behind beside until since while when where"
    " although unless whether every not just"
)
"""A sentence that ends with one of these was cut off."""
DANGLING_AFTER_VERBS: Final = frozenset({"in", "on", "have", "has", "had", "it is"})
"""These end a sentence only behind a form of "be" or "do": "the light is on"."""
BEING: Final = _set_of("is are was were be been am do did come came go went moved turned switched get got")

POINTING: Final = _set_of(
    "he she it they hes shes its theyre his hers theirs him them thats theyve itll theyll itd theyd hed"
)
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

SHORTENED: Final = re.compile(r"\b(we|he|she|it|they|who|that|there)['’‘ʼ](re|ll|d)\b", re.IGNORECASE)
"""Short forms that are another word without their apostrophe: "were", "well", "shed"."""
LONG_FORMS: Final = {"re": "are", "ll": "will", "d": "would"}
NEWS: Final = re.compile(
    r"^(?:(?:so|and|oh|hey|well|but|anyway) )*(?:did i (?:ever )?(?:tell you|mention|say)"
    r"|have i (?:ever )?(?:told you|mentioned)|did you (?:know|hear)|have you heard"
    r"|would you believe(?: it)?)(?: that)? "
)
"""Questions that only lead up to the news."""
_HELPING: Final = "is|are|was|were|do|does|did|has|have|had|can|could|will|would|should"
TAGS: Final = re.compile(
    rf"(?: (?:right|remember|you (?:know|see)|innit|arent i|wont i|(?:{_HELPING})nt (?:i|you|he|she|it|we|they)))+$"
)
"""Questions hung behind a statement."""
NO_SUBJECT: Final = _set_of(
    "if as because although unless whereas to what where who why when how which whose about of with for from at by"
    " in on into over under like than and or but"
)
"""No statement's subject begins with these, and no verb is one of them."""
DONE_TO: Final = _set_of("me us him them")
NUMBERS: Final = re.compile(
    r"\w*\d\w*|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|june|july|august|september"
    r"|october|november|december|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|\w+teen|twenty"
    r"|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|noon|midnight|half|quarter"
)
"""Numbers, days and months: what a note has beside its thing."""
LEFT_OUT: Final = re.compile(
    r"(?:(?:so|and|well|oh) )*(?:keep (?!going)\w+ing\b"
    r"|never (?:\w+ed|been|had|met|seen|done|gone|eaten|drunk|learnt)\b)"
)
"""A statement whose "I" was left out, not an order: "never been to Rome"."""
LASTING: Final = re.compile(
    r"\b(?:\w*\d\w*|\w+days?|(?!march on)(?:january|february|march|april|june|july|august|september|october|november"
    r"|december)|at (?:half|two|three|four|five|six|seven|eight|nine|ten|noon)|every|always|usually|never"
    r"|(?<!more )often|since"
    r"|until|till|because|weeks?|months?|years?|evenings?|nights|winter|summer|spring|autumn|christmas|easter"
    r"|weekends?)\b"
)
"""A remark with one of these reaches beyond the moment."""
REQUESTS: Final = re.compile(r"\b(?:would|will|could|can) you(?: please)?$|^(?:(?!i |we |my |our )\w+ ){1,5}please$")
"""What ends like this was asked of somebody in the room."""
_STATES: Final = (
    r"freezing|boiling|starving|stuffed|full|knackered|exhausted|shattered|parched|sweating|melting|done|off|coming"
    r"|soaked|all ears|with you|on my way|ready|hungry|thirsty|lost|confused|impressed|speechless"
)
MOMENTS: Final = re.compile(
    r"^(?:(?:oh|ooh|ow|ah|aw|right|well|so|okay|ok|hang on|sorry|no|yeah|sh|and) )*(?:"
    rf"(?:im|i am|we are) (?:(?:so|just|absolutely|completely|really|a bit|totally|still) )*(?:{_STATES})$"
    r"|(?:im|i am|we are) (?:just|only) (?:going|gonna|popping|nipping|about|getting|saying|looking|checking"
    r"|trying)\b"
    r"|(?:ive|i have|we have|weve) (?:really )?got to (?:go|dash|run|get|be|say|admit|head|pop|laugh)\b"
    r"|(?:id|i would|we would|i had) (?:better|say|kill for|love an?)\b|i could (?:murder|kill|do with|use|eat"
    r"|go for)\b"
    r"|(?:ill|i will|we will) (?:just |only |also )?(?:(?:get|have|take|do|grab|try|fetch|pop|go|leave|let|give"
    r"|see|tell"
    r"|show|call|ring|text|pass|put|hold|catch|find|check|drive|carry|pay)\b(?! up\b)|be (?:right|a (?:tick|sec"
    r"|min\w*)"
    r"|back|there|fine|off|quick|honest|down|along)\b)"
    r"|i (?:just )?(?:love|like|adore) your\b|you (?:look|sound|seem|smell|startled|scared|made me)\b|you dont say"
    r"|youve got (?:something|a bit)\b|youve got to\b|i wont (?:keep|be long|say)\b"
    r"|i cant (?:find|see|hear|reach|believe|wait|remember|think)\b|let me (?:just )?\w+"
    r"|we (?:should|could|ought to|must|might as well)\b|you (?:should|could|might) (?:have|be)\b|you shouldnt\b"
    r"|your (?:turn|go|round|move|loss|call)\b|theres (?:no (?:rush|hurry|point|need|way|doubt|harm)|nothing)\b"
    r"|(?:i|we) can (?:smell|hear|feel|see|taste) \w+$|im (?:trying|thinking|wondering|hoping)\b"
    r"|(?:i )?(?:(?:cant remember|forgot|forget) what i|(?:was|were|am|im) (?:going|about|gonna) (?:to )?(?:say"
    r"|ask|tell)\b)"
    r"|(?:somebody|someone|something)(?:s| is| has)\b|(?:looks|sounds|feels|smells|tastes|seems) (?:like|as|so"
    r"|really)?\b"
    r"|(?:for|in the name of|oh my) (?:heavens?|goodness|gods?|petes?|crying)\b|who(?:d| would) have\b"
    r"|(?:what|how) (?:an? )?\w+$|(?:i )?(?:didnt|dont|never) (?:mean|say|said) (?:to|that|it|so)\b"
    r")|\b(?:is|are|\w+s) (?:(?:just|about|all) )*(?:here|ready|starting|ringing|calling|waiting|burning"
    r"|boiling|on fire)$"
    r"|^(?:\w+ ){1,3}(?:phone|door|doorbell|kettle|bus|taxi|train)s? (?:is )?(?:going|here|coming|leaving)$"
    r"|\bkilling me$|^(?:the|my|your) \w+ (?:has )?(?:just )?(?:dropped|fallen|gone off)$"
    r"|\b(?:after the break|(?:right )?back after this|stay tuned|coming up (?:next|after|later|on)|brought to you by"
    r"|over to (?:you|the)|for (?:watching|listening|joining|tuning)|this (?:episode|programme|show) (?:is|was)"
    r"|what a (?:goal|save|shot|match)|(?:our|my) (?:channel|sponsors?|next guest))\b"
)
"""Of the moment: what somebody is about to do, how they feel just now, what has come, compliments, broadcasts."""
HESITATIONS: Final = _set_of("um umm uh uhh uhm er erm hm hmm mm maybe perhaps basically literally like probably")
WHOLE_ENDINGS: Final = re.compile(
    r"\b(?:(?:is|are|was|were|its|thats|\w+s) (?:\w+ ){0,4}?(?:where|who|what|that|all|one|somebody|someone"
    r"|place|thing|i|we"
    r"|he|she|they|my \w+) (?:\w+ ){1,5}?(?:of|with|for|from|at|to|in|on|about|by|into|under|without)"
    r"|(?:where|who|what|how|than|as|whatever|wherever) (?:\w+ ){1,4}(?:is|are|was|were|am|can|could|should"
    r"|would|have|has"
    r"|had|do)|(?:so|neither|nor) (?:am|do|did|was|have|can|will|would) (?:i|we|he|she|they)|(?:than|like"
    r"|as) (?:i|we|he|she)"
    r"|(?:want|wants|used|like|likes|love|need|needs|have|has|going|able|allowed|meaning|meant|supposed|hoping) to"
    r"|(?:would|rather|do|does|did|is|are|am|was|can|could|will|have|has|probably|or|why|if) not|ever since"
    r"|long since"
    r"|(?:are|is|was|got|had|have|been|im|not) (?:really|very|about|under|behind|off)|(?:all|only|one|ones|what"
    r"|that) (?:i|we)"
    r" (?:have|had|do|am))$"
)
"""Ends of sentences that are whole, though their last word often is a break: "York is where I come from"."""
POINTING_AHEAD: Final = re.compile(
    r"(?:its|it is|it was|thats|that is|that was)(?! (?:like|not|just|so|as|because|what|how|why)\b)(?: \w+){1,7}?"
    r" (?:who|where|since|(?:that )?(?:i|we|my|our)|that(?= \w*(?:s|ed|did)\b)) \w+"
    r"|it (?:takes|took|costs?) (?:me|us)\b|(?:this is|thats|that is) (?:my|our) \w+ \w+ ?|its (?:my"
    r"|our) (?:\w+ ){3,}"
    r"|they(?:ve| have) (?:\w+ ){1,2}(?:the|our|my) \w+|they (?:just )?(?:\w+ed) (?:the|our|my) \w+"
    r"|(?:hes|shes|its|he is|she is|it is|theyre)(?: \w+){1,5} (?<!to )(?<!of )(?<!for )(?<!with )(?<!by )(?:my"
    r"|our) \w+$"
)
"""Pronouns that point at what comes behind: "it's Keith who lent us the ladder", "they've closed the bakery"."""
NEVER_ORDERED: Final = (WEAK - _set_of("give take put look try let tell make")) | DOING | NO_SUBJECT | _set_of("call")
"""Words before "me" and "it" that tell nobody what to do: "call me Liz", "love it"."""
EXCLAIMED: Final = FILLERS | _set_of("oops whoops cheers thanks yikes heavens goodness always perhaps")
IN_S: Final = re.compile(r"\w{2,}[^\Ws]s")
"""A verb may end like this, and a name with its "is"."""
HABITS: Final = re.compile(
    r"(?:i|im|we|we are) (?:(?:always|usually|never|often|mostly|normally|hardly ever|tend to) |(?:get"
    r"|wake) up |go to )"
)
"""How people are and do, in everyday words: "I'm always cold", "I get up early"."""
SUPPOSING: Final = re.compile(
    r"^(?:im (?:sure|certain|afraid)|i (?:think|hope|bet|guess|suppose|reckon|believe))(?: that)? "
)
"""What only weighs the statement behind it."""
ADDRESSED: Final = re.compile(
    r"(?:youre|you are|youve|you have(?! to\b)|you were|you did|your (?!own\b)\w+ (?:is|are|was|were|looks?"
    r"|smells?))\b"
)
"""About the person opposite, who is named no more than "he" is; "you have to jiggle the key" is about anybody."""
