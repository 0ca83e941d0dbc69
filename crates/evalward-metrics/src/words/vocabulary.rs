//! Numbers for words, so that equal words have equal numbers.

#![expect(
    clippy::inline_always,
    reason = "a call for each word takes a fifth of the time of a comparison"
)]

/// Bytes of a word that fit into one key, beside its length.
const IN_ONE_KEY: usize = 15;

/// Bytes of a longer word in each further key, beside the number of what comes before and the mark.
const IN_FURTHER_KEYS: usize = 11;

/// Marks the key of a long word's first part, and those of its further parts; a short word's key holds its length there.
const FIRST_PART: u128 = 0x20 << 120;
const FURTHER_PART: u128 = 0x10 << 120;

/// Lower-cases letters and leaves digits as they are.
const LOWER_CASE: u128 = u128::MAX / 0xff * 0x20;

/// The numbers of the words seen so far, from 0.
///
/// A word is packed into an integer, which is compared as a whole: no two words share a number, whatever their hashes.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    numbers: Numbers<u128>,
}

impl Vocabulary {
    /// Makes an empty one with room for about so many words.
    pub(crate) fn with_room(words: usize) -> Self {
        Self { numbers: Numbers::with_room(words) }
    }

    /// Returns how many numbers were given; each is smaller.
    pub(crate) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Returns the number of a word.
    pub(crate) fn number(&mut self, word: &[u8]) -> u32 {
        match short_key(word) {
            Some(key) => self.numbers.number(key),
            None => self.number_of_long(word),
        }
    }

    /// Returns the number of a word, where it has one.
    pub(crate) fn find(&self, word: &[u8]) -> Option<u32> {
        match short_key(word) {
            Some(key) => self.numbers.find(key),
            None => long(word, |key| self.numbers.find(key)),
        }
    }

    /// Returns the number of the word that stands at these bytes of a text, in lower case; it must be letters and digits of ASCII.
    #[inline(always)]
    pub(crate) fn number_in_lower_case(&mut self, text: &[u8], start: usize, end: usize) -> u32 {
        match short_key_in_lower_case(text, start, end) {
            Some(key) => self.numbers.number(key),
            None => self.number(&text[start..end].to_ascii_lowercase()),
        }
    }

    /// Returns the number of the word that stands at these bytes of a text, in lower case, where it has one; it must be letters
    /// and digits of ASCII.
    #[inline(always)]
    pub(crate) fn find_in_lower_case(&self, text: &[u8], start: usize, end: usize) -> Option<u32> {
        match short_key_in_lower_case(text, start, end) {
            Some(key) => self.numbers.find(key),
            None => self.find(&text[start..end].to_ascii_lowercase()),
        }
    }

    /// Returns the number of the word that stands at these bytes of a text.
    #[inline(always)]
    pub(crate) fn number_in(&mut self, text: &[u8], start: usize, end: usize) -> u32 {
        let length = end - start;
        if length <= IN_ONE_KEY
            && let Some(bytes) = text.get(start..).and_then(<[u8]>::first_chunk::<16>)
        {
            let kept = (1_u128 << (8 * length)) - 1;
            return self.numbers.number(with_length(u128::from_le_bytes(*bytes) & kept, length));
        }
        self.number(&text[start..end])
    }

    #[cold]
    fn number_of_long(&mut self, word: &[u8]) -> u32 {
        let number = long(word, |key| Some(self.numbers.number(key)));
        number.expect("every key was given a number")
    }
}

/// Packs a word that fits into one key.
#[inline(always)]
fn short_key(word: &[u8]) -> Option<u128> {
    let mut bytes = [0; 16];
    bytes[..IN_ONE_KEY].get_mut(..word.len())?.copy_from_slice(word);
    Some(with_length(u128::from_le_bytes(bytes), word.len()))
}

/// Packs the word at these bytes of a text in lower case, where it fits and sixteen bytes can be read at once.
#[inline(always)]
fn short_key_in_lower_case(text: &[u8], start: usize, end: usize) -> Option<u128> {
    let length = end - start;
    if length > IN_ONE_KEY {
        return None;
    }
    let bytes = text.get(start..).and_then(<[u8]>::first_chunk::<16>)?;
    let kept = (1_u128 << (8 * length)) - 1;
    Some(with_length((u128::from_le_bytes(*bytes) | LOWER_CASE) & kept, length))
}

/// Numbers a long word part by part; each part's key holds the number of what comes before it.
fn long(word: &[u8], mut number_of: impl FnMut(u128) -> Option<u32>) -> Option<u32> {
    let (first, mut rest) = word.split_at(IN_ONE_KEY);
    let mut bytes = [0; 16];
    bytes[..IN_ONE_KEY].copy_from_slice(first);
    let mut number = number_of(u128::from_le_bytes(bytes) | FIRST_PART)?;
    while !rest.is_empty() {
        let (part, after) = rest.split_at(rest.len().min(IN_FURTHER_KEYS));
        let mut bytes = [0; 16];
        bytes[..part.len()].copy_from_slice(part);
        bytes[IN_FURTHER_KEYS..IN_ONE_KEY].copy_from_slice(&number.to_le_bytes());
        number = number_of(u128::from_le_bytes(bytes) | FURTHER_PART | with_length(0, part.len()))?;
        rest = after;
    }
    Some(number)
}

#[inline(always)]
fn with_length(key: u128, length: usize) -> u128 {
    key | u128::try_from(length).unwrap_or(0) << 120
}

/// What can be numbered: an integer that is spread over all bits.
pub(crate) trait Key: Copy + Eq + Default {
    /// Returns bits that depend on all of the key, the highest most of all.
    fn spread(self) -> u64;
}

/// Odd constants with irregular bits, from the digits of pi.
const FIRST: u64 = 0x243f_6a88_85a3_08d3;
const SECOND: u64 = 0x1319_8a2e_0370_7345;

impl Key for u64 {
    #[inline(always)]
    fn spread(self) -> u64 {
        let mixed = self.wrapping_mul(FIRST);
        (mixed ^ (mixed >> 32)).wrapping_mul(SECOND)
    }
}

impl Key for u128 {
    #[inline(always)]
    fn spread(self) -> u64 {
        let low = u64::try_from(self & Self::from(u64::MAX)).unwrap_or(0);
        let high = u64::try_from(self >> 64).unwrap_or(0);
        let mixed = low.wrapping_mul(FIRST) ^ high.rotate_left(29).wrapping_mul(SECOND);
        (mixed ^ (mixed >> 32)).wrapping_mul(FIRST)
    }
}

/// Consecutive numbers for keys, in a table with open addresses.
#[derive(Debug)]
pub(crate) struct Numbers<K> {
    /// One more than the number of the key that lies here, or 0.
    slots: Vec<u32>,
    keys: Vec<K>,
    shift: u32,
}

impl<K: Key> Default for Numbers<K> {
    fn default() -> Self {
        Self::with_room(8)
    }
}

impl<K: Key> Numbers<K> {
    pub(crate) fn with_room(keys: usize) -> Self {
        let slots = (keys.max(8) * 2).next_power_of_two();
        Self { slots: vec![0; slots], keys: Vec::with_capacity(keys), shift: 64 - slots.ilog2() }
    }

    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Forgets all keys and keeps the room.
    pub(crate) fn clear(&mut self) {
        self.slots.fill(0);
        self.keys.clear();
    }

    /// Returns the key's number, a new one where it has none.
    #[inline(always)]
    pub(crate) fn number(&mut self, key: K) -> u32 {
        let mut slot = self.home(key);
        loop {
            match self.slots[slot] {
                0 => return self.insert(slot, key),
                taken => {
                    let number = taken - 1;
                    if self.keys[index(number)] == key {
                        return number;
                    }
                }
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    /// Returns the key's number, where it has one.
    #[inline(always)]
    pub(crate) fn find(&self, key: K) -> Option<u32> {
        let mut slot = self.home(key);
        loop {
            let number = self.slots[slot].checked_sub(1)?;
            if self.keys[index(number)] == key {
                return Some(number);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    #[inline(always)]
    fn home(&self, key: K) -> usize {
        usize::try_from(key.spread() >> self.shift).unwrap_or(0) & (self.slots.len() - 1)
    }

    fn insert(&mut self, slot: usize, key: K) -> u32 {
        let number = u32::try_from(self.keys.len()).expect("texts have fewer than 2^32 words");
        self.keys.push(key);
        self.slots[slot] = number + 1;
        if self.keys.len() * 2 > self.slots.len() {
            self.grow();
        }
        number
    }

    #[cold]
    fn grow(&mut self) {
        let slots = self.slots.len() * 4;
        self.slots = vec![0; slots];
        self.shift = 64 - slots.ilog2();
        for number in 0..self.keys.len() {
            let mut slot = self.home(self.keys[number]);
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (slots - 1);
            }
            self.slots[slot] = u32::try_from(number + 1).expect("texts have fewer than 2^32 words");
        }
    }
}

/// Returns a number as an index.
#[inline(always)]
pub(crate) fn index(number: u32) -> usize {
    usize::try_from(number).expect("an index has at least 32 bits")
}
