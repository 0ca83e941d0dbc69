//! Statistics that stay valid when they are looked at after every observation.
