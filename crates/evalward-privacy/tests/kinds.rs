//! What each detector finds and what it leaves alone.
//!
//! Secrets are put together from pieces, so that no scanner of repositories
//! takes this file for a leak.

use evalward_privacy::{FindingKind, find, redact};

/// Checks that a text has exactly one finding, of this kind, in these words.
fn check(kind: FindingKind, text: &str, words: &str) {
    let findings: Vec<_> = find(text)
        .into_iter()
        .map(|finding| (finding.kind, text.get(finding.span).expect("a span of the text")))
        .collect();
    assert_eq!(findings, [(kind, words)], "in {text:?}");
}

fn check_nothing(text: &str) {
    assert_eq!(find(text), [], "in {text:?}");
}

#[test]
fn email() {
    use FindingKind::Email;
    check(Email, "write to jane.doe+x@mail.corp.io.", "jane.doe+x@mail.corp.io");
    check(Email, "<mailto:JANE@CORP.COM>", "JANE@CORP.COM");
    check(Email, "'o'neil@corp.ie'", "o'neil@corp.ie");
    check(Email, "müller@bücher.de, ja", "müller@bücher.de");
    check(Email, "jane@corp.de...", "jane@corp.de");
    check(Email, "GET /users?email=jane%40corp.de&page=2", "jane%40corp.de");
    check(Email, "jane@corp.com-2024", "jane@corp.com");
    check(Email, "...jane@1.2.corp.com.", "jane@1.2.corp.com");
    for text in [
        "a @ b",
        "@handle",
        "user@host",
        "jane@corp.1",
        "git@github.com:org/repo",
        "@",
        "x@.com",
        "/%40scope/core.js",
        "img/logo@2x.png and getty@tty1.service",
        "https://user:pass@sub.example.com:8080/p",
        "40%40",
    ] {
        check_nothing(text);
    }
}

#[test]
fn reserved_addresses_are_examples() {
    let is_example = |text: &str| find(text)[0].is_example;
    for text in [
        "a@example.com",
        "a@b.example.org",
        "a@b.example",
        "a@b.TEST",
        "a@b.invalid",
        "192.0.2.7",
        "10.0.0.1",
        "2001:db8::1:2",
    ] {
        assert!(is_example(text), "{text}");
    }
    for text in
        ["a@notexample.com", "a@example.de", "a@test.com", "84.8.4.4", "2a00:1450:4001::200e"]
    {
        assert!(!is_example(text), "{text}");
    }
}

#[test]
fn iban() {
    use FindingKind::Iban;
    check(Iban, "to DE89 3704 0044 0532 0130 00 please", "DE89 3704 0044 0532 0130 00");
    check(Iban, "IBAN:DE89370400440532013000.", "DE89370400440532013000");
    check(Iban, "gb29nwbk60161331926819", "gb29nwbk60161331926819");
    check(Iban, "NO93 8601 1117 947, 5 days", "NO93 8601 1117 947");
    check(Iban, "12 FR14 2004 1010 0505 0001 3M02 606", "FR14 2004 1010 0505 0001 3M02 606");
    for text in [
        "DE89 3704 0044 0532 0130 01",
        "DE8937040044053201300",
        "XDE89370400440532013000",
        "DE893704004405320130001",
        "no45 degrees and so on",
    ] {
        check_nothing(text);
    }
}

#[test]
fn payment_card() {
    use FindingKind::PaymentCard;
    check(PaymentCard, "card 4111 1111 1111 1111, exp 12/27", "4111 1111 1111 1111");
    check(PaymentCard, "4111-1111-1111-1111", "4111-1111-1111-1111");
    check(PaymentCard, "pay 378282246310005 now", "378282246310005");
    check(PaymentCard, "3782 822463 10005", "3782 822463 10005");
    check(PaymentCard, "no. 12 5555 5555 5555 4444 34", "5555 5555 5555 4444");
    check(PaymentCard, "6011111111111117", "6011111111111117");
    for text in [
        "4111 1111 1111 1112",
        "0000 0000 0000 0000",
        "4444444444444444444444444",
        // The checksum holds; no network issues such a number.
        "2520655369026404352, 5251551549009234886656 and 5350498001524674232",
        "35184372088832 and 591049586477829062",
        "1700000000000",
        "0.4111111111111111",
        "4111111111111111.5",
        "a4111111111111111",
        "550e8400-e29b-41d4-a716-446655440000",
    ] {
        check_nothing(text);
    }
}

#[test]
fn phone() {
    use FindingKind::Phone;
    for words in [
        "+49 30 1234567",
        "+4915112345678",
        "+49 (30) 123-4567",
        "+1 (415) 555-2671",
        "+33 1 23 45 67 89",
        "0049 30 1234567",
        "030 1234567",
        "030/1234567",
        "0171-1234567",
        "(030) 123 45 67",
        "01 23 45 67 89",
        "020 7946 0958",
        "(415) 555-2671",
        "415-555-2671",
        "415.555.2671",
    ] {
        check(Phone, words, words);
        check(Phone, &format!("Ring {words}, please."), words);
    }
    check(Phone, "Tel.-Nr. 1234 5678", "1234 5678");
    check(Phone, "phone: 415 555 2671", "415 555 2671");
    check(Phone, "<tel:+4915112345678>", "+4915112345678");
    check(Phone, "tel: 06221-1234", "06221-1234");
    check(Phone, "+1.8005550123", "+1.8005550123");
}

#[test]
fn numbers_that_are_no_phone() {
    for text in [
        "$1,234,567.89 or 1 234 567,89 EUR or 0.123456789",
        "2024-01-31 and 31.01.2024, 01/02/2024, 01-02-2024 10:30",
        "2024-01-31T10:30:00+02:00, 2024-01-31T10:30:00.123456+0530, 20240131T103000Z",
        "order 0123-456789, invoice #0171-1234567, ORD-415-555-2671",
        "version 10.0.19045.3693, v1.2.3, 1.22.333.4444, 0.10.20-30",
        "1234567890, 100 200 300, 12345-67890, 0815, 555-1234",
        "ISBN 978-3-16-148410-0, phone 2024-01-15, phones 12 and 13",
        "x+12345678, 1+23456789, 12:30:45, 1700000000, 3.14159265358979",
        "Between 1990-2000 and 2010-2020, pages 100-200, 50.123.456 people",
        "51 Franklin Street, Boston, MA 02110-1301, USA",
        "+1441497364.649 or +35236450.6",
        "00 1a 06 08 00 00 09 00 10 00, and bytes 01 02 03 04 05 06 07 08",
    ] {
        check_nothing(text);
    }
}

#[test]
fn ip_address() {
    use FindingKind::IpAddress;
    check(IpAddress, "from 84.8.4.4:443", "84.8.4.4");
    check(IpAddress, "[2a00:1450:4001:81b::200e]", "2a00:1450:4001:81b::200e");
    check(IpAddress, "host ip-84.8.4.4 is down", "84.8.4.4");
    for text in
        ["1.2.3", "1.2.3.4.5", "300.1.1.1", "version 1.2.3.4", "v1.2.3.4", "std::fmt", "2abc::f"]
    {
        check_nothing(text);
    }
}

#[test]
fn addresses_of_nobody() {
    for text in [
        "the mask 255.255.255.0 or 255.255.255.192, never 0.0.0.0",
        "open http://127.0.0.1:8080, or join 224.0.0.251",
        "ask 8.8.8.8 or 1.1.1.1",
        "gettext-0.19.8.1 and shadow-4.0.18.1, section 11.7.1.2, OID 2.5.29.36",
    ] {
        check_nothing(text);
    }
}

#[test]
fn api_key() {
    use FindingKind::ApiKey;
    for key in [
        concat!("sk-", "abcdefghijklmnopqrstuvwxyz0123456789"),
        concat!("sk-", "proj-", "Ab1_cd2-Ef3gh4Ij5kl6Mn7op8"),
        concat!("sk-", "ant-", "api03-Ab1_cd2-Ef3gh4Ij5kl6Mn7op8"),
        concat!("AK", "IA", "IOSFODNN7EXAMPLE"),
        concat!("gh", "p_", "abcdefghijklmnopqrstuvwxyz0123456789"),
        concat!("github", "_pat_", "11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz"),
        concat!("xo", "xb-", "123456789012-abcdefghijkl"),
        concat!("AI", "za", "SyA1234567890abcdefghijklmnopqrstuv"),
        concat!("sk", "_live_", "abcdefghijklmnop12345678"),
        concat!("h", "f_", "abcdefghijklmnopqrstuvwxyzABCDEFGH"),
        concat!("AS", "IA", "IOSFODNN7EXAMPLE"),
        concat!("gl", "pat-", "ab1_cd2-ef3gh4ij5kl6"),
        concat!("xap", "p-", "1-A0123456789-abcdef"),
        concat!("rk", "_test_", "abcdefghijklmnop12345678"),
        concat!("np", "m_", "abcdefghijklmnopqrstuvwxyz0123456789"),
        concat!("gs", "k_", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEF"),
        concat!(
            "S",
            "G.",
            "abcdefghijklmnopqrstuv.",
            "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
        ),
        concat!("S", "K", "0123456789abcdef0123456789abcdef"),
        concat!("py", "pi-", "AgEIcHlwaS5vcmcCJ", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJ"),
        concat!("shp", "at_", "0123456789abcdef0123456789ABCDEF"),
        concat!("do", "p_v1_", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",),
        concat!("dckr", "_pat_", "abcdefghijklmnopqrstuvwx-_1"),
        concat!("da", "pi", "0123456789abcdef0123456789abcdef"),
        concat!("lin", "_api_", "abcdefghijklmnopqrstuvwxyz0123456789ABCD"),
        concat!("r", "8_", "abcdefghijklmnopqrstuvwxyz0123456789A"),
        concat!("x", "ai-", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH"),
        concat!("pp", "lx-", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH"),
        concat!("Account", "Key=", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEF+/12=="),
    ] {
        check(ApiKey, key, key);
        check(ApiKey, &format!("Use \"{key}\", then"), key);
        check(ApiKey, &format!("OPENAI_API_KEY={key}"), key);
    }
    for text in [
        "sk-cube-grid-with-animation-and-delay",
        "sk-ssh-ed25519-cert-v01 and sk-ecdsa-sha2-nistp256-cert-v01",
        concat!("AK", "IA", "IOSFODNN7"),
        "task-1234",
        "risk-adjusted-return-on-capital",
        "SKU 0123456789abcdef, dapi0123, pypi-server, shpat_none, xai-model, AccountKey=none",
    ] {
        check_nothing(text);
    }
}

#[test]
fn assigned_values() {
    use FindingKind::{ApiKey, Password};
    let value = concat!("Tr0ub4", "dor&3x");
    check(Password, &format!("password={value}"), value);
    check(Password, &format!("\"DB_PASSWORD\": \"{value}\","), value);
    check(Password, &format!("the password is {value}"), value);
    check(Password, &format!("pwd: '{value}'"), value);
    check(Password, &format!("postgres://app:{value}@db/main"), value);
    check(Password, &format!("https://app:{value}@db.corp.de/main"), value);
    let key = concat!("9f86d081884c7d65", "9a2feaa0c55ad015");
    check(ApiKey, &format!("api_key: {key}"), key);
    check(ApiKey, &format!("client-secret => {key}"), key);
    check(ApiKey, &format!("Authorization: Bearer {key}"), key);
    for text in [
        "password: ********",
        "password=changeme",
        "password = os.environ[\"PASSWORD_1\"]",
        "api_key: ${OPENAI_API_KEY_2}",
        "api_key: your_api_key_here_1A",
        "max_tokens: 4096, token: 12345678",
        "The password is secret and the token is short.",
        "secret: 2024-01-31",
        "token: https://example.com/T0ken1",
        "the bearer of bad news",
        "postgres://postgres:postgres@localhost, http://user:password@host/, ftp://u:Pass@h",
        "token = base64.b16encode(random), password = utf8_percent_encode(text)",
        "or2_token: node.or2_token, secret: CLIENT_TRAFFIC_SECRET_0, token: crate::ty_5",
        "--secret=projects/my-project/secrets/my-secret/versions/1",
    ] {
        check_nothing(text);
    }
}

#[test]
fn private_key() {
    use FindingKind::PrivateKey;
    let begin = concat!("-----BEGIN RSA PRI", "VATE KEY-----");
    let end = concat!("-----END RSA PRI", "VATE KEY-----");
    let body = "MIIEpAIBAAKCAQEAx1x2x3x4x5\nq83vEjRWeJCrze8=";
    let whole = format!("{begin}\n{body}\n{end}");
    check(PrivateKey, &format!("key:\n{whole}\nend"), &whole);
    let cut = format!("{begin}\n{body}");
    check(PrivateKey, &format!("{cut}\n\nKind regards, J."), &cut);
    let escaped = format!("{begin}\\nMIIEpAIBAAKCAQEA\\n{end}");
    check(PrivateKey, &format!("{{\"key\": \"{escaped}\"}}"), &escaped);
    check_nothing(concat!("-----BEGIN PUB", "LIC KEY-----"));
}

#[test]
fn jwt() {
    use FindingKind::Jwt;
    let token = concat!(
        "ey",
        "JhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
        ".eyJzdWIiOiIxMjM0NTY3ODkwIn0",
        ".dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    );
    check(Jwt, token, token);
    check(Jwt, &format!("Authorization: Bearer {token}\n"), token);
    check_nothing(concat!("ey", "Jxxxxxxxxxxxxxxxxxxx.abcdefghijk.abcdefghijk"));
}

#[test]
fn redaction_names_what_it_took() {
    let redacted = redact("Jane <jane@corp.de>, DE89 3704 0044 0532 0130 00; 4111 1111 1111 1111");
    assert_eq!(redacted, "Jane <[EMAIL]>, [IBAN]; [CARD]");
    assert!(matches!(redact("nothing here"), std::borrow::Cow::Borrowed("nothing here")));
}

#[test]
fn what_a_mask_brings_out_is_masked_too() {
    assert_eq!(redact("jane@corp.de+49 30 1234567"), "[EMAIL][PHONE]");
}

#[test]
fn classes() {
    let secrets: Vec<_> = FindingKind::ALL.into_iter().filter(|kind| kind.is_secret()).collect();
    assert_eq!(
        secrets,
        [FindingKind::PrivateKey, FindingKind::Jwt, FindingKind::ApiKey, FindingKind::Password]
    );
    for kind in FindingKind::ALL {
        check_nothing(kind.placeholder());
    }
}
