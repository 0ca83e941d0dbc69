//! Tests of the fold and the gates through the public API.
#![cfg(test)]

mod bar;
mod baseline;
mod canaries;
mod certified;
mod clusters;
mod codes;
mod compare;
mod corrected;
mod evidence;
mod judged;
mod labelling;
mod laws;
mod order;
mod overall;
mod rates;
mod repeats;
mod scores;
mod selection;
mod support;
