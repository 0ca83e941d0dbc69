//! .
use super::statements;

statements! {}
