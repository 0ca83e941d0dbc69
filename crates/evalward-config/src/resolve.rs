//! Values that depend on where they stand or on the environment.

use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroUsize};
use std::ops::Range;
use std::path::PathBuf;

use evalward_core::Digest;
use evalward_subject::TemplateSource;
use secrecy::SecretString;
use toml::Spanned;

use crate::load::Lookup;
use crate::source::{Sources, simplified};
use crate::value::Unset;
use crate::{Address, ConfigError, Secret};

/// Resolves values and collects what cannot be resolved.
pub(crate) struct Resolver<'a> {
    sources: &'a Sources,
    environment: &'a Lookup,
    offline: bool,
    pub(crate) errors: Vec<ConfigError>,
}

impl<'a> Resolver<'a> {
    pub(crate) fn new(sources: &'a Sources, environment: &'a Lookup) -> Self {
        Self { sources, environment, offline: false, errors: Vec::new() }
    }

    /// Makes do without addresses and secrets, since a recording answers every call.
    pub(crate) fn offline(mut self, offline: bool) -> Self {
        self.offline = offline;
        self
    }

    /// Adds an error at a place.
    pub(crate) fn refuse(
        &mut self,
        message: impl Into<String>,
        span: &Range<usize>,
        help: Option<&str>,
    ) {
        let error = self.sources.error(message, span, "");
        self.errors.push(if let Some(help) = help { error.help(help) } else { error });
    }

    fn unset(&mut self, unset: &Unset, span: &Range<usize>) {
        let Unset(name) = unset;
        let error = self.sources.error(
            format!("environment variable `{name}` is not set"),
            span,
            "needed here",
        );
        self.errors.push(
            error.help(format!("set it, in the environment or in `.env`: `export {name}=...`")),
        );
    }

    /// Returns an environment variable that stands in for a key that is not given.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        (self.environment)(name)
    }

    pub(crate) fn address(&mut self, address: &Spanned<Address>) -> Option<String> {
        match address.get_ref().resolve(self.environment.as_ref()) {
            Ok(address) => Some(address),
            Err(_) if self.offline => None,
            Err(unset) => {
                self.unset(&unset, &address.span());
                None
            }
        }
    }

    pub(crate) fn secret(&mut self, secret: &Spanned<Secret>) -> Option<SecretString> {
        match secret.get_ref().resolve(self.environment.as_ref()) {
            Ok(secret) => Some(secret),
            Err(_) if self.offline => None,
            Err(unset) => {
                self.unset(&unset, &secret.span());
                None
            }
        }
    }

    pub(crate) fn secrets(
        &mut self,
        secrets: &BTreeMap<String, Spanned<Secret>>,
    ) -> Vec<(String, SecretString)> {
        secrets
            .iter()
            .filter_map(|(name, secret)| Some((name.clone(), self.secret(secret)?)))
            .collect()
    }

    /// Returns the folder of the file that a span lies in.
    pub(crate) fn folder_of(&self, span: &Range<usize>) -> PathBuf {
        self.sources.folder_of(span)
    }

    /// Returns the path that a text names, relative to the file it stands in.
    pub(crate) fn path(&self, text: &Spanned<String>) -> PathBuf {
        simplified(&self.sources.folder_of(&text.span()).join(text.get_ref()))
    }

    /// Returns the folder that a text names, which must exist; without one, the folder of the file that the span lies in.
    pub(crate) fn folder(
        &mut self,
        text: Option<&Spanned<String>>,
        span: &Range<usize>,
    ) -> PathBuf {
        let folder = text.map_or_else(|| self.sources.folder_of(span), |text| self.path(text));
        let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
        if !folder.is_dir() {
            let place = text.map_or(span.clone(), Spanned::span);
            let message = format!("`{}` is not a folder", folder.display());
            self.refuse(message, &place, Some("name a folder, relative to the suite"));
        }
        folder
    }

    /// Reads a template file.
    pub(crate) fn template(&mut self, file: Option<&Spanned<String>>) -> Option<Template> {
        let file = file?;
        let path = self.path(file);
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                let digest = Digest::of(text.as_bytes());
                let span = file.span();
                Some(Template {
                    source: TemplateSource { name: path.display().to_string(), text },
                    digest,
                    span,
                })
            }
            Err(error) => {
                let message = format!("failed to read `{}`: {error}", path.display());
                self.refuse(message, &file.span(), Some("name a file, relative to the suite"));
                None
            }
        }
    }
}

/// A template file that was read.
pub(crate) struct Template {
    pub(crate) source: TemplateSource,
    pub(crate) digest: Digest,
    pub(crate) span: Range<usize>,
}

/// Converts a number of workers or calls.
pub(crate) fn to_usize(number: NonZeroU32) -> NonZeroUsize {
    NonZeroUsize::try_from(number).unwrap_or(NonZeroUsize::MAX)
}
