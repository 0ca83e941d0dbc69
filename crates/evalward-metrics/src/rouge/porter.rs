//! The Porter stemmer, with the extensions of NLTK.
//!
//! Porter (1980), "An algorithm for suffix stripping", with the changes that NLTK's `PorterStemmer` makes in its default mode, which
//! rouge-score uses.

/// Words whose stem is no result of the rules.
const IRREGULAR: [(&[u8], &[u8]); 16] = [
    (b"sky", b"sky"),
    (b"skies", b"sky"),
    (b"dying", b"die"),
    (b"lying", b"lie"),
    (b"tying", b"tie"),
    (b"news", b"news"),
    (b"innings", b"inning"),
    (b"inning", b"inning"),
    (b"outings", b"outing"),
    (b"outing", b"outing"),
    (b"cannings", b"canning"),
    (b"canning", b"canning"),
    (b"howe", b"howe"),
    (b"proceed", b"proceed"),
    (b"exceed", b"exceed"),
    (b"succeed", b"succeed"),
];

/// A suffix, and what takes its place.
type Rule = (&'static [u8], &'static [u8]);

const STEP_2: [Rule; 21] = [
    (b"ational", b"ate"),
    (b"tional", b"tion"),
    (b"enci", b"ence"),
    (b"anci", b"ance"),
    (b"izer", b"ize"),
    (b"bli", b"ble"),
    (b"alli", b"al"),
    (b"entli", b"ent"),
    (b"eli", b"e"),
    (b"ousli", b"ous"),
    (b"ization", b"ize"),
    (b"ation", b"ate"),
    (b"ator", b"ate"),
    (b"alism", b"al"),
    (b"iveness", b"ive"),
    (b"fulness", b"ful"),
    (b"ousness", b"ous"),
    (b"aliti", b"al"),
    (b"iviti", b"ive"),
    (b"biliti", b"ble"),
    (b"fulli", b"ful"),
];

const STEP_3: [Rule; 7] = [
    (b"icate", b"ic"),
    (b"ative", b""),
    (b"alize", b"al"),
    (b"iciti", b"ic"),
    (b"ical", b"ic"),
    (b"ful", b""),
    (b"ness", b""),
];

const STEP_4: [&[u8]; 19] = [
    b"al", b"ance", b"ence", b"er", b"ic", b"able", b"ible", b"ant", b"ement", b"ment", b"ent",
    b"ion", b"ou", b"ism", b"ate", b"iti", b"ous", b"ive", b"ize",
];

/// Returns the stem of a word of more than two letters or digits of ASCII, in lower case.
pub(super) fn stem(word: &[u8]) -> Vec<u8> {
    if let Some((_, stem)) = IRREGULAR.iter().find(|(form, _)| *form == word) {
        return stem.to_vec();
    }
    let mut word = word.to_vec();
    plurals(&mut word);
    past_and_participle(&mut word);
    final_y(&mut word);
    double_suffixes(&mut word);
    replace_first(&mut word, &STEP_3);
    single_suffixes(&mut word);
    final_e(&mut word);
    if word.ends_with(b"ll") && measure(&word[..word.len() - 1]) > 1 {
        word.pop();
    }
    word
}

/// Step 1a.
fn plurals(word: &mut Vec<u8>) {
    if word.ends_with(b"ies") {
        // Of NLTK: `dies` has the stem `die`.
        let cut = if word.len() == 4 { 1 } else { 2 };
        word.truncate(word.len() - cut);
    } else if word.ends_with(b"sses") {
        word.truncate(word.len() - 2);
    } else if word.ends_with(b"s") && !word.ends_with(b"ss") {
        word.pop();
    }
}

/// Step 1b.
fn past_and_participle(word: &mut Vec<u8>) {
    if word.ends_with(b"ied") {
        // Of NLTK: `died` has the stem `die`.
        let cut = if word.len() == 4 { 1 } else { 2 };
        word.truncate(word.len() - cut);
        return;
    }
    if word.ends_with(b"eed") {
        if measure(&word[..word.len() - 3]) > 0 {
            word.pop();
        }
        return;
    }
    let suffix = [&b"ed"[..], b"ing"].into_iter().find(|suffix| {
        word.strip_suffix(*suffix).is_some_and(|stem| consonants(stem).any(|consonant| !consonant))
    });
    let Some(suffix) = suffix else { return };
    word.truncate(word.len() - suffix.len());
    if [&b"at"[..], b"bl", b"iz"].iter().any(|end| word.ends_with(end)) {
        word.push(b'e');
    } else if let Some(last) = double_consonant(word) {
        if !matches!(last, b'l' | b's' | b'z') {
            word.pop();
        }
    } else if measure(word) == 1 && ends_short(word) {
        word.push(b'e');
    }
}

/// Step 1c, as NLTK has it: only after a consonant, and not where it is the only letter.
fn final_y(word: &mut [u8]) {
    if let [before @ .., last @ b'y'] = word
        && before.len() > 1
        && is_consonant(before, before.len() - 1)
    {
        *last = b'i';
    }
}

/// Step 2, where NLTK tries `alli` first and goes on with what it leaves.
fn double_suffixes(word: &mut Vec<u8>) {
    while let Some(stem) = word.strip_suffix(b"alli")
        && measure(stem) > 0
    {
        word.truncate(word.len() - 2);
    }
    if replace_first(word, &STEP_2) {
        return;
    }
    if word.ends_with(b"logi") && measure(&word[..word.len() - 3]) > 0 {
        word.pop();
    }
}

/// Step 4.
fn single_suffixes(word: &mut Vec<u8>) {
    let Some(suffix) = STEP_4.iter().find(|suffix| word.ends_with(suffix)) else { return };
    let stem = &word[..word.len() - suffix.len()];
    let fits = *suffix != b"ion" || matches!(stem.last(), Some(b's' | b't'));
    if fits && measure(stem) > 1 {
        word.truncate(word.len() - suffix.len());
    }
}

/// Step 5a.
fn final_e(word: &mut Vec<u8>) {
    if let Some(stem) = word.strip_suffix(b"e") {
        let measure = measure(stem);
        if measure > 1 || measure == 1 && !ends_short(stem) {
            word.pop();
        }
    }
}

/// Applies the first rule whose suffix fits, if what stands before it has a measure above 0; returns whether a suffix fits.
fn replace_first(word: &mut Vec<u8>, rules: &[Rule]) -> bool {
    let Some((suffix, replacement)) = rules.iter().find(|(suffix, _)| word.ends_with(suffix))
    else {
        return false;
    };
    let length = word.len() - suffix.len();
    if measure(&word[..length]) > 0 {
        word.truncate(length);
        word.extend_from_slice(replacement);
    }
    true
}

const fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u')
}

/// Tells for each letter whether it is a consonant: no vowel, and no `y` after a consonant.
fn consonants(word: &[u8]) -> impl Iterator<Item = bool> {
    word.iter().scan(false, |before, &letter| {
        *before = if letter == b'y' { !*before } else { !is_vowel(letter) };
        Some(*before)
    })
}

fn is_consonant(word: &[u8], place: usize) -> bool {
    consonants(&word[..=place]).last().unwrap_or(false)
}

/// Returns how often consonants follow vowels.
fn measure(word: &[u8]) -> usize {
    let mut count = 0;
    let mut after_vowel = false;
    for consonant in consonants(word) {
        count += usize::from(consonant && after_vowel);
        after_vowel = !consonant;
    }
    count
}

fn double_consonant(word: &[u8]) -> Option<u8> {
    match word {
        [.., left, right] if left == right && is_consonant(word, word.len() - 1) => Some(*right),
        _ => None,
    }
}

/// Whether the word ends with consonant, vowel, consonant, the last none of `w`, `x`, `y`; or, of NLTK, is a vowel and a consonant.
fn ends_short(word: &[u8]) -> bool {
    let kinds: Vec<bool> = consonants(word).collect();
    match kinds.as_slice() {
        [false, true] => true,
        [.., true, false, true] => !matches!(word.last(), Some(b'w' | b'x' | b'y')),
        _ => false,
    }
}
