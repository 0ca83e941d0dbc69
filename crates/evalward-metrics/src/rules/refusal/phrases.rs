//! The phrases by which an answer declines, by language.
//!
//! A phrase is a regular expression over folded text: an apostrophe is `'`, case does not count, and a space stands for any
//! white space. `{will}` and the like are filled in from the table of parts.

/// The phrases of a language.
pub(super) struct Phrases {
    pub(super) language: &'static str,
    pub(super) parts: &'static [(&'static str, &'static str)],
    pub(super) patterns: &'static [&'static str],
}

/// What takes a refusal back, where much follows: the answer goes on to do what was asked.
pub(super) const TURNS: [&str; 27] = [
    "however",
    "nevertheless",
    "that said",
    "but i can",
    "but here",
    "here is",
    "here's",
    "here are",
    "instead, i can",
    "jedoch",
    "allerdings",
    "trotzdem",
    "aber ich kann",
    "hier ist",
    "hier sind",
    "cependant",
    "toutefois",
    "mais je peux",
    "voici",
    "sin embargo",
    "pero puedo",
    "no obstante",
    "aquí",
    "tuttavia",
    "ma posso",
    "no entanto",
    "maar ik kan",
];

/// What makes a refusal a question instead: the answer only asks for what it lacks. It stands in the sentence of the phrase;
/// `without breaking a rule` is none.
pub(super) const CONDITION: &str = r"\bwithout (?:an?|any|the|your|more|further|additional|specific|proper|sufficient|relevant|actual|information|details|context|access|knowing|having|seeing|being (?:given|provided))\b";

pub(super) const LANGUAGES: [Phrases; 7] = [
    Phrases {
        language: "en",
        parts: &[
            (
                "{cannot}",
                r"(?:(?:simply|really|just|unfortunately|therefore|also) )?(?:can(?:'|no)?t|can not|won't|will not)(?: (?:actually|directly|possibly|accurately|in good conscience|ethically))?",
            ),
            (
                "{unable}",
                r"(?:(?:sorry|afraid|currently|unfortunately|simply|really|just|also) )?(?:(?:but )?unable to|not (?:currently )?(?:able|allowed|permitted|authori[sz]ed|willing|programmed|designed|going|in a position) to|not capable of|incapable of|prohibited from|forbidden from)",
            ),
            (
                "{do}",
                r"(?:help(?:ing)?(?: (?:you|with|anyone|someone|people|users|them|him|her|out|create|creating|write|writing|make|making|plan|answer)|[.,;!]|$)|assist|aid(?:ing)? |provid(?:e|ing)|shar(?:e|ing)|giv(?:e|ing)|offer|suppl(?:y|ying)|tell(?:ing)? you|creat(?:e|ing)|writ(?:e|ing)|generat(?:e|ing)|produc(?:e|ing)|compos(?:e|ing)|draft|discuss|talk(?:ing)? about|engag(?:e|ing)|comply|fulfil|satisfy|participat(?:e|ing)|tak(?:e|ing) part|do(?:ing)? (?:that|this|so)\b|answer|respond|disclos(?:e|ing)|reveal|advis(?:e|ing)|continu(?:e|ing)|process (?:that|this|your)|complete (?:that|this|your)|carry out|perform|accommodat(?:e|ing)|proceed|show(?:ing)? you|teach|explain(?:ing)? how|facilitat(?:e|ing)|predict|brows(?:e|ing)|edit|authenticat(?:e|ing)|diagnos(?:e|ing)|describ(?:e|ing)|promot(?:e|ing)|endors(?:e|ing)|condon(?:e|ing)|repeat|ignore|disregard|follow (?:that|this|those|your)|role-?play|pretend|act as|translat(?:e|ing) (?:that|this)|make (?:that|this|those|such))",
            ),
        ],
        patterns: &[
            r"\bi {cannot} {do}",
            r"\bi(?:'m| am)(?: very| so| truly)? {unable} {do}",
            r"\b(?:unfortunately|sorry|apologies)[^.!?]{0,40}?\b(?:{cannot}|unable to|not able to) {do}",
            r"\bi(?:'m| am) not comfortable (?:with )?{do}",
            r"\bi (?:don't|do not) feel comfortable (?:with )?{do}",
            r"\bi (?:must|have to|will have to|need to|respectfully|would have to) (?:respectfully |politely )?(?:decline|refuse)\b",
            r"\bi (?:decline|refuse) to {do}",
            r"\bi (?:don't|do not) have (?:the |any )?(?:ability|capability|capacity|functionality|authority|authori[sz]ation|permission) to {do}",
            r"\bi(?:'d| would) (?:rather|prefer) not (?:to )?{do}",
            r"\bwe(?:'re| are)? (?:{cannot}|{unable}) (?:help|assist|comply|fulfil|discuss|disclose|engage|share (?:that|this)|process (?:that|this) request)",
            r"\bi(?:'m| am) (?:only )?(?:here|able) only to\b",
            r"\bi can(?: only|'t only| just) (?:help|assist|answer|respond|discuss)[^.!?]{0,30} (?:with|about|on|to|questions)\b",
            r"\b(?:is|are|falls|that's|it's) (?:outside|beyond)(?: of)? (?:the scope of )?(?:what i(?:'m able| am able| can)|my (?:scope|remit|role))",
            r"\b(?:goes|is|would be|would go) against (?:my|our|openai's|the) (?:programming|guidelines|polic(?:y|ies)|principles|ethical|use|values|content|rules)",
            r"\b(?:violates?|would violate) (?:my|our|openai's|the) (?:programming|guidelines|polic(?:y|ies)|principles|content)",
            r"\bthat(?:'s| is) (?:not )?something (?:that )?i (?:{cannot} (?:do|help|discuss|assist)|(?:can|will) (?:do|help|discuss|assist))",
            r"^no[.,] i (?:{cannot}|will not)\b",
        ],
    },
    Phrases {
        language: "de",
        parts: &[(
            "{do}",
            r"(?:helfen|unterstützen|behilflich sein|beantworten|bereitstellen|geben|nennen|mitteilen|weitergeben|teilen|schreiben|erstellen|verfassen|erfüllen|nachkommen|entsprechen|ausführen|durchführen|tun|machen|weiterhelfen|dienen|verraten|preisgeben|besprechen)",
        )],
        patterns: &[
            r"\b(?:kann|darf|werde|möchte) ich (?:ihnen |dir |euch )?(?:leider |dabei |hierbei |damit |darüber |das |dies |diese )?[^.!?]{0,60}?\b(?:nicht|keine?n?r?s?)\b[^.!?]{0,60}?\b{do}\b",
            r"\bich (?:kann|darf|werde|möchte) (?:ihnen |dir |euch )?[^.!?]{0,60}?\b(?:nicht|keine?n?r?s?)\b[^.!?]{0,60}?\b{do}\b",
            r"\bich bin (?:leider )?nicht (?:in der lage|befugt|berechtigt)\b",
            r"\bich muss (?:das |dies |diese anfrage |diese bitte |leider )*ablehnen\b",
            r"\bich (?:weigere mich|lehne (?:das|dies|diese|es)\b)",
            r"\b(?:verstößt|verstoßen|verstösst) gegen (?:meine|unsere|die) (?:richtlinien|regeln|grundsätze|nutzungs)",
            r"\bdas gehört nicht zu (?:meinen|unseren) aufgaben\b",
        ],
    },
    Phrases {
        language: "fr",
        parts: &[(
            "{do}",
            r"(?:aider|assister|fournir|donner|partager|communiquer|répondre|écrire|rédiger|créer|générer|faire|satisfaire|discuter|divulguer|révéler|participer|accéder|traiter)",
        )],
        patterns: &[
            r"\bje ne (?:peux|puis|pourrai|vais|veux) (?:malheureusement |donc )?pas [^.!?]{0,40}?{do}\b",
            r"\bje (?:ne )?suis pas (?:en mesure|autorisée?|capable|habilitée?) (?:de |d'|à )",
            r"\bje suis dans l'impossibilité de\b",
            r"\bil m'est (?:impossible|interdit) (?:de |d')",
            r"\bje (?:dois|suis obligée? de|préfère) (?:décliner|refuser)\b",
            r"\bje refuse (?:de |d')",
            r"\b(?:va|est) à l'encontre de (?:mes|nos) ",
            r"\bcontraire à (?:mes|nos) (?:principes|règles|directives)",
        ],
    },
    Phrases {
        language: "es",
        parts: &[(
            "{do}",
            r"(?:ayudar(?:te|le|les|os)?|asistir(?:te|le)?|proporcionar(?:te|le|les)?|dar(?:te|le|les)?|compartir|facilitar(?:te|le)?|ofrecer(?:te|le)?|responder|escribir|redactar|crear|generar|hacer(?:lo)?|cumplir|hablar|revelar|divulgar|participar|atender|decir(?:te|le)?)",
        )],
        patterns: &[
            r"\bno (?:te |le |les |os |lo )?(?:puedo|podré|podría|voy a|debo|quiero) [^.!?]{0,30}?{do}\b",
            r"\bno (?:me es posible|estoy (?:autorizad[oa]|en condiciones)|soy capaz|tengo permitido)\b",
            r"\b(?:debo|tengo que|prefiero) (?:rechazar|declinar|negarme)\b",
            r"\bme niego a\b",
            r"\bva en contra de (?:mis|nuestras) (?:normas|políticas|principios|directrices)",
        ],
    },
    Phrases {
        language: "it",
        parts: &[(
            "{do}",
            r"(?:aiutar(?:ti|la|vi|e)|assister(?:ti|la|e)|fornir(?:ti|le|e)|dar(?:ti|le|e)|condividere|rispondere|scrivere|creare|generare|farlo|soddisfare|discutere|rivelare|divulgare)",
        )],
        patterns: &[
            r"\bnon (?:ti |le |vi |lo )?(?:posso|potrò|voglio) [^.!?]{0,30}?{do}\b",
            r"\bnon (?:sono in grado|mi è possibile|sono autorizzat[oa]|mi è permesso)\b",
            r"\b(?:devo|sono costrett[oa] a) (?:rifiutare|declinare)\b",
            r"\bmi rifiuto di\b",
        ],
    },
    Phrases {
        language: "pt",
        parts: &[(
            "{do}",
            r"(?:ajud(?:ar|á)(?:-lo|-la|-te)?|fornecer|dar|compartilhar|partilhar|responder|escrever|criar|gerar|fazer|cumprir|atender|discutir|revelar|divulgar)",
        )],
        patterns: &[
            r"\bnão (?:te |lhe |o |a )?(?:posso|poderei|vou|quero) [^.!?]{0,30}?{do}\b",
            r"\bnão (?:me é possível|estou autorizad[oa]|sou capaz|tenho permissão)\b",
            r"\b(?:devo|tenho de|tenho que|preciso) (?:recusar|declinar)\b",
            r"\brecuso-me a\b",
        ],
    },
    Phrases {
        language: "nl",
        parts: &[(
            "{do}",
            r"(?:helpen|assisteren|geven|delen|verstrekken|beantwoorden|schrijven|maken|voldoen|doen|bespreken|onthullen|meewerken)",
        )],
        patterns: &[
            r"\b(?:ik (?:kan|mag|zal|wil)|(?:kan|mag|zal|wil) ik) [^.!?]{0,60}?\b(?:niet|geen)\b[^.!?]{0,60}?\b{do}\b",
            r"\bik ben niet (?:in staat|bevoegd|gemachtigd)\b",
            r"\bik moet (?:dit |dat |dit verzoek )?(?:weigeren|afwijzen)\b",
            r"\bik weiger\b",
        ],
    },
];
