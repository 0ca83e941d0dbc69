//! Where spans go and what they say of the service, by the environment variables that every OpenTelemetry SDK reads.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

/// How long spans wait for others to share a request with.
const DELAY: Duration = Duration::from_secs(1);

/// Where spans go, and what they say of the service.
#[derive(Debug, Clone)]
pub struct ExportSettings {
    pub(crate) endpoint: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) delay: Duration,
    /// The attributes of the resource, by name, in the order given.
    pub(crate) resource: Vec<(String, String)>,
}

impl ExportSettings {
    /// Reads the variables `OTEL_EXPORTER_OTLP_[TRACES_]ENDPOINT`, `OTEL_EXPORTER_OTLP_[TRACES_]HEADERS`, `OTEL_SERVICE_NAME`,
    /// `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_BSP_SCHEDULE_DELAY`; `None` where no endpoint is named.
    ///
    /// `release` is the service's version where `OTEL_RESOURCE_ATTRIBUTES` names none; `deployed` outdoes both.
    ///
    /// # Errors
    /// Fails where a variable cannot be read; the error names it.
    pub fn from_variables(
        variable: impl Fn(&str) -> Option<String>,
        release: &str,
        deployed: Option<&str>,
    ) -> Result<Option<Self>> {
        let variable = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let traces = variable("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        let all = variable("OTEL_EXPORTER_OTLP_ENDPOINT")
            .map(|endpoint| format!("{}/v1/traces", endpoint.trim().trim_end_matches('/')));
        let Some(endpoint) = traces.or(all) else { return Ok(None) };
        let endpoint = Url::parse(endpoint.trim())
            .with_context(|| format!("failed to read the endpoint `{endpoint}` of spans"))?;
        let headers = variable("OTEL_EXPORTER_OTLP_TRACES_HEADERS")
            .or_else(|| variable("OTEL_EXPORTER_OTLP_HEADERS"));
        let delay = match variable("OTEL_BSP_SCHEDULE_DELAY") {
            None => DELAY,
            Some(millis) => millis.trim().parse().map(Duration::from_millis).with_context(|| {
                format!("failed to read `OTEL_BSP_SCHEDULE_DELAY`: `{millis}` is no number of milliseconds")
            })?,
        };
        let attributes = variable("OTEL_RESOURCE_ATTRIBUTES").unwrap_or_default();
        let mut resource =
            pairs(&attributes).context("failed to read `OTEL_RESOURCE_ATTRIBUTES`")?;
        let service = variable("OTEL_SERVICE_NAME");
        complete(&mut resource, "service.name", service.as_deref(), "support-assistant");
        complete(&mut resource, "service.version", deployed, release);
        Ok(Some(Self { endpoint, headers: read_headers(headers.as_deref())?, delay, resource }))
    }
}

/// Sets an attribute to the value that was asked for, or to a default where it is missing.
fn complete(resource: &mut Vec<(String, String)>, name: &str, asked: Option<&str>, default: &str) {
    if asked.is_some() {
        resource.retain(|(key, _)| key != name);
    }
    if !resource.iter().any(|(key, _)| key == name) {
        resource.push((name.to_owned(), asked.unwrap_or(default).to_owned()));
    }
}

/// Reads headers without ever repeating their values, which may be keys.
fn read_headers(text: Option<&str>) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    for (name, value) in
        pairs(text.unwrap_or_default()).context("failed to read `OTEL_EXPORTER_OTLP_HEADERS`")?
    {
        let key = HeaderName::from_bytes(name.as_bytes())
            .with_context(|| format!("failed to read the header `{name}` of spans"))?;
        let mut value = HeaderValue::from_str(&value)
            .with_context(|| format!("failed to read the value of the header `{name}` of spans"))?;
        value.set_sensitive(true);
        headers.insert(key, value);
    }
    Ok(headers)
}

/// Reads `name=value,name=value`, with percent signs for what would not fit in (W3C Baggage).
fn pairs(text: &str) -> Result<Vec<(String, String)>> {
    let parts = text.split(',').enumerate().filter(|(_, part)| !part.trim().is_empty());
    parts
        .map(|(index, part)| {
            let (name, value) =
                part.split_once('=').with_context(|| format!("part {} has no `=`", index + 1))?;
            ensure!(!name.trim().is_empty(), "part {} has no name", index + 1);
            let value = percent_decoded(value.trim()).with_context(|| {
                format!("the value of `{}` is not percent-encoded", name.trim())
            })?;
            Ok((name.trim().to_owned(), value))
        })
        .collect()
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            let value = digit()? * 16 + digit()?;
            bytes.push(u8::try_from(value).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)], deployed: Option<&str>) -> Result<Option<ExportSettings>> {
        let find = |name: &str| {
            let found = variables.iter().find(|(key, _)| *key == name)?;
            Some(found.1.to_owned())
        };
        ExportSettings::from_variables(find, "0.1.0", deployed)
    }

    fn resource(variables: &[(&str, &str)], deployed: Option<&str>) -> String {
        let mut all = vec![("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318")];
        all.extend(variables);
        let settings = read(&all, deployed).unwrap().unwrap();
        let pairs: Vec<_> =
            settings.resource.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join(" ")
    }

    #[test]
    fn the_endpoint_for_all_signals_gets_the_path_and_the_one_for_traces_is_taken_as_it_is() {
        let check = |variables: &[(&str, &str)], expected: Option<&str>| {
            let endpoint = read(variables, None).unwrap().map(|settings| settings.endpoint);
            assert_eq!(endpoint.as_ref().map(Url::as_str), expected);
        };
        check(&[], None);
        check(&[("OTEL_EXPORTER_OTLP_ENDPOINT", " ")], None);
        let all = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318/");
        check(&[all], Some("http://localhost:4318/v1/traces"));
        let traces = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://localhost:9/spans");
        check(&[all, traces], Some("http://localhost:9/spans"));
    }

    #[test]
    fn the_resource_names_service_and_version() {
        let named = "service.version=1.4.0,deployment.environment.name=shop%2C%20north";
        assert_eq!(resource(&[], None), "service.name=support-assistant service.version=0.1.0");
        assert_eq!(
            resource(&[("OTEL_RESOURCE_ATTRIBUTES", named), ("OTEL_SERVICE_NAME", "wren")], None),
            "service.version=1.4.0 deployment.environment.name=shop, north service.name=wren"
        );
        assert_eq!(
            resource(&[("OTEL_RESOURCE_ATTRIBUTES", named)], Some("2.0")),
            "deployment.environment.name=shop, north service.name=support-assistant service.version=2.0"
        );
    }

    #[test]
    fn headers_are_read_and_never_shown() {
        let endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318");
        let headers = ("OTEL_EXPORTER_OTLP_HEADERS", "x-api-key=ew_%3D1, x-tenant = a");
        let settings = read(&[endpoint, headers], None).unwrap().unwrap();
        assert_eq!(settings.headers["x-api-key"], "ew_=1");
        assert_eq!(settings.headers["x-tenant"], "a");
        assert!(!format!("{settings:?}").contains("ew_"));
    }

    #[test]
    fn what_cannot_be_read_is_named_but_not_repeated() {
        let endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318");
        let check = |name: &'static str, value: &'static str, expected: &str| {
            let error = read(&[endpoint, (name, value)], None).unwrap_err();
            assert_eq!(format!("{error:#}"), expected);
        };
        let headers = "OTEL_EXPORTER_OTLP_HEADERS";
        check(headers, "sesame", "failed to read `OTEL_EXPORTER_OTLP_HEADERS`: part 1 has no `=`");
        check(
            headers,
            "x-api-key=%zz",
            "failed to read `OTEL_EXPORTER_OTLP_HEADERS`: the value of `x-api-key` is not percent-encoded",
        );
        check(
            "OTEL_RESOURCE_ATTRIBUTES",
            "a=b,=c",
            "failed to read `OTEL_RESOURCE_ATTRIBUTES`: part 2 has no name",
        );
        check(
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
            "nowhere",
            "failed to read the endpoint `nowhere` of spans: relative URL without a base",
        );
    }
}
