//! What a detector reports.

use std::ops::Range;

/// A stretch of text that looks like personal data or a secret.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Finding {
    /// What it looks like.
    pub kind: FindingKind,
    /// Where it stands, in bytes; both ends are character boundaries.
    pub span: Range<usize>,
    /// Whether it names nobody by construction: an address under a domain or in
    /// a network that is reserved for documentation and tests.
    pub is_example: bool,
}

impl Finding {
    pub(crate) fn new(kind: FindingKind, span: Range<usize>) -> Self {
        Self { kind, span, is_example: false }
    }
}

/// The kinds of finding, the most telling first: where two overlap, the earlier
/// one names the union.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FindingKind {
    /// A private key in PEM armour, or the start of one.
    PrivateKey,
    /// A JSON web token.
    Jwt,
    /// A key with a provider's known prefix, or a random value assigned to a
    /// name such as `api_key`.
    ApiKey,
    /// A random-looking value assigned to a name such as `password`, or the
    /// password in a URL.
    Password,
    /// An international bank account number with a valid checksum.
    Iban,
    /// A payment card number with a valid checksum.
    PaymentCard,
    /// An e-mail address.
    Email,
    /// An IP address.
    IpAddress,
    /// A telephone number.
    Phone,
}

/// Whom a finding would harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FindingClass {
    /// It identifies a person.
    PersonalData,
    /// It opens a system.
    Secret,
}

impl FindingKind {
    /// Every kind, in the order of the enum.
    pub const ALL: [Self; 9] = [
        Self::PrivateKey,
        Self::Jwt,
        Self::ApiKey,
        Self::Password,
        Self::Iban,
        Self::PaymentCard,
        Self::Email,
        Self::IpAddress,
        Self::Phone,
    ];

    /// Returns whom a finding of this kind would harm.
    pub fn class(self) -> FindingClass {
        match self {
            Self::PrivateKey | Self::Jwt | Self::ApiKey | Self::Password => FindingClass::Secret,
            Self::Iban | Self::PaymentCard | Self::Email | Self::IpAddress | Self::Phone => {
                FindingClass::PersonalData
            }
        }
    }

    /// Tells whether findings of this kind open a system.
    pub fn is_secret(self) -> bool {
        self.class() == FindingClass::Secret
    }

    /// Returns the text [`redact`](crate::redact()) puts in place of a finding.
    pub fn placeholder(self) -> &'static str {
        match self {
            Self::PrivateKey => "[PRIVATE_KEY]",
            Self::Jwt => "[JWT]",
            Self::ApiKey => "[API_KEY]",
            Self::Password => "[PASSWORD]",
            Self::Iban => "[IBAN]",
            Self::PaymentCard => "[CARD]",
            Self::Email => "[EMAIL]",
            Self::IpAddress => "[IP_ADDRESS]",
            Self::Phone => "[PHONE]",
        }
    }
}
