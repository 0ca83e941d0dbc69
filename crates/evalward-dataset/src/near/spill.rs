//! Texts and keys in temporary files, which vanish with the process.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use evalward_core::Partition;

use super::buckets::Record;
use super::signature::BandKey;

/// The bytes of an entry of the index.
const ENTRY_BYTES: usize = 38;

/// What is kept of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The position among all inputs.
    pub(crate) index: u32,
    /// The id of its example.
    pub(crate) id: String,
    /// The partition.
    pub(crate) partition: Partition,
    /// The line in the partition's file.
    pub(crate) line: u64,
    /// A hash of the cluster; 0 for none.
    pub(super) cluster: u64,
    /// A hash of the text before normalisation.
    pub(super) raw: u64,
    /// The normalised text.
    pub(super) text: String,
}

/// The normalised texts, one behind the other, and an index of them.
#[derive(Debug)]
pub(super) struct TextFile {
    texts: BufWriter<File>,
    index: BufWriter<File>,
    end: u64,
    count: u32,
}

impl TextFile {
    pub(super) fn create() -> io::Result<Self> {
        let file =
            || Ok::<_, io::Error>(BufWriter::with_capacity(64 * 1024, tempfile::tempfile()?));
        Ok(Self { texts: file()?, index: file()?, end: 0, count: 0 })
    }

    /// Appends an entry; its own `index` is not looked at.
    pub(super) fn push(&mut self, entry: &Entry) -> io::Result<u32> {
        let too_many = || io::Error::new(io::ErrorKind::InvalidInput, "there are too many inputs");
        let index = self.count;
        self.count = index.checked_add(1).ok_or_else(too_many)?;
        let id_bytes = u8::try_from(entry.id.len()).map_err(|_| too_many())?;
        let text_bytes = u32::try_from(entry.text.len()).map_err(|_| too_many())?;
        let partition = Partition::ALL.iter().position(|it| *it == entry.partition);
        let partition = u8::try_from(partition.unwrap_or_default()).unwrap_or_default();
        self.index.write_all(&self.end.to_le_bytes())?;
        self.index.write_all(&[id_bytes, partition])?;
        self.index.write_all(&text_bytes.to_le_bytes())?;
        for number in [entry.line, entry.cluster, entry.raw] {
            self.index.write_all(&number.to_le_bytes())?;
        }
        self.texts.write_all(entry.id.as_bytes())?;
        self.texts.write_all(entry.text.as_bytes())?;
        self.end += u64::from(id_bytes) + u64::from(text_bytes);
        Ok(index)
    }

    /// Ends writing.
    pub(super) fn finish(self) -> io::Result<Texts> {
        let file =
            |writer: BufWriter<File>| writer.into_inner().map_err(io::IntoInnerError::into_error);
        Ok(Texts { bytes: file(self.texts)?, index: file(self.index)?, count: self.count })
    }
}

/// The stored texts.
#[derive(Debug)]
pub(super) struct Texts {
    bytes: File,
    index: File,
    count: u32,
}

impl Texts {
    pub(super) const fn count(&self) -> u32 {
        self.count
    }

    /// Reads an entry.
    pub(super) fn entry(&mut self, index: u32) -> io::Result<Entry> {
        let size = u64::try_from(ENTRY_BYTES).unwrap_or_default();
        let mut head = [0; ENTRY_BYTES];
        read_at(&mut self.index, u64::from(index) * size, &mut head)?;
        let head = Head::parse(&head);
        let mut bytes = vec![0; head.id_bytes + head.text_bytes];
        read_at(&mut self.bytes, head.start, &mut bytes)?;
        head.entry(index, bytes)
    }

    /// Reads all entries in order.
    pub(super) fn each(
        &mut self,
        mut visit: impl FnMut(Entry) -> io::Result<()>,
    ) -> io::Result<()> {
        self.bytes.rewind()?;
        self.index.rewind()?;
        let mut texts = BufReader::with_capacity(64 * 1024, &mut self.bytes);
        let mut index = BufReader::with_capacity(64 * 1024, &mut self.index);
        for number in 0..self.count {
            let mut head = [0; ENTRY_BYTES];
            index.read_exact(&mut head)?;
            let head = Head::parse(&head);
            let mut bytes = vec![0; head.id_bytes + head.text_bytes];
            texts.read_exact(&mut bytes)?;
            visit(head.entry(number, bytes)?)?;
        }
        Ok(())
    }
}

/// The fixed part of an entry.
struct Head {
    start: u64,
    id_bytes: usize,
    partition: Partition,
    text_bytes: usize,
    line: u64,
    cluster: u64,
    raw: u64,
}

impl Head {
    fn parse(bytes: &[u8; ENTRY_BYTES]) -> Self {
        let number = |start: usize, length: usize| {
            let bytes = bytes.iter().skip(start).take(length).rev();
            bytes.fold(0_u64, |number, byte| (number << 8) | u64::from(*byte))
        };
        let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        Self {
            start: number(0, 8),
            id_bytes: size(number(8, 1)),
            partition: Partition::ALL.get(size(number(9, 1))).copied().unwrap_or(Partition::Golden),
            text_bytes: size(number(10, 4)),
            line: number(14, 8),
            cluster: number(22, 8),
            raw: number(30, 8),
        }
    }

    fn entry(self, index: u32, bytes: Vec<u8>) -> io::Result<Entry> {
        let damaged = |_| io::Error::new(io::ErrorKind::InvalidData, "a temporary file is damaged");
        let mut id = String::from_utf8(bytes).map_err(damaged)?;
        let text = id.split_off(self.id_bytes);
        let Self { partition, line, cluster, raw, .. } = self;
        Ok(Entry { index, id, partition, line, cluster, raw, text })
    }
}

fn read_at(file: &mut File, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(offset))?;
    file.read_exact(bytes)
}

/// The keys of one band, sixteen bytes each.
#[derive(Debug)]
pub(super) struct BandFile(BufWriter<File>);

impl BandFile {
    pub(super) fn create() -> io::Result<Self> {
        Ok(Self(BufWriter::with_capacity(16 * 1024, tempfile::tempfile()?)))
    }

    pub(super) fn push(&mut self, key: BandKey, index: u32) -> io::Result<()> {
        self.0.write_all(&key.hash.to_le_bytes())?;
        self.0.write_all(&index.to_le_bytes())?;
        self.0.write_all(&key.second.to_le_bytes())
    }

    /// Reads all keys into the list, in order of hash, second hash and index.
    pub(super) fn load(self, records: &mut Vec<Record>) -> io::Result<()> {
        let mut file = self.0.into_inner().map_err(io::IntoInnerError::into_error)?;
        let count = usize::try_from(file.stream_position()? / 16).unwrap_or(usize::MAX);
        file.rewind()?;
        let mut reader = BufReader::with_capacity(64 * 1024, file);
        records.clear();
        records.reserve_exact(count);
        for _ in 0..count {
            let (mut hash, mut index, mut second) = ([0; 8], [0; 4], [0; 4]);
            reader.read_exact(&mut hash)?;
            reader.read_exact(&mut index)?;
            reader.read_exact(&mut second)?;
            let key =
                BandKey { hash: u64::from_le_bytes(hash), second: u32::from_le_bytes(second) };
            records.push(Record { key, index: u32::from_le_bytes(index) });
        }
        records.sort_unstable();
        Ok(())
    }
}
