//! Path templates of `google.api.http` (AIP-127): literals, `{field}` and a verb
//! after a colon. axum cannot route `{id}:verb`, so the matching is ours.

/// One segment of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Literal(String),
    Variable(String),
}

/// A parsed path template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    segments: Vec<Segment>,
    verb: Option<String>,
}

/// A template that the gateway cannot serve.
#[derive(Debug, thiserror::Error)]
#[error("path template {0:?} is not of the form /literal/{{field}}/…:verb")]
pub struct InvalidTemplate(String);

impl Template {
    /// Parses `/v1/schools/{school_id}/lessons/{lesson_id}:cancel`.
    pub fn parse(text: &str) -> Result<Self, InvalidTemplate> {
        let invalid = || InvalidTemplate(text.to_owned());
        let rest = text.strip_prefix('/').ok_or_else(invalid)?;
        let mut parts: Vec<&str> = rest.split('/').collect();
        let last = parts.pop().ok_or_else(invalid)?;
        let (last, verb) = match last.rsplit_once(':') {
            Some((segment, verb)) if !verb.is_empty() => (segment, Some(verb.to_owned())),
            Some(_) => return Err(invalid()),
            None => (last, None),
        };
        parts.push(last);
        let segments = parts
            .into_iter()
            .map(|p| segment(p).ok_or_else(invalid))
            .collect::<Result<_, _>>()?;
        Ok(Self { segments, verb })
    }

    /// Values of the variables when `path` is an instance of the template.
    pub fn matches(&self, path: &RequestPath) -> Option<Vec<(&str, String)>> {
        let given = path.segments(self.verb.as_deref())?;
        if given.len() != self.segments.len() {
            return None;
        }
        let mut values = Vec::new();
        for (wanted, given) in self.segments.iter().zip(given) {
            match wanted {
                Segment::Literal(literal) if *literal == given => {}
                Segment::Literal(_) => return None,
                Segment::Variable(_) if given.is_empty() => return None,
                Segment::Variable(name) => values.push((name.as_str(), given)),
            }
        }
        Some(values)
    }

    /// Names of the variables in order.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().filter_map(|s| match s {
            Segment::Variable(name) => Some(name.as_str()),
            Segment::Literal(_) => None,
        })
    }

    /// How narrow the template is: literal segments, then a verb. The narrower is
    /// tried first, else `{id}` would swallow `id:verb`.
    pub fn narrowness(&self) -> (usize, bool) {
        let literals = self
            .segments
            .iter()
            .filter(|s| matches!(s, Segment::Literal(_)))
            .count();
        (literals, self.verb.is_some())
    }

    /// The template with variables renamed, as OpenAPI shows it.
    pub fn openapi(&self, rename: impl Fn(&str) -> String) -> String {
        let mut text = String::new();
        for segment in &self.segments {
            text.push('/');
            match segment {
                Segment::Literal(literal) => text.push_str(literal),
                Segment::Variable(name) => {
                    text.push('{');
                    text.push_str(&rename(name));
                    text.push('}');
                }
            }
        }
        if let Some(verb) = &self.verb {
            text.push(':');
            text.push_str(verb);
        }
        text
    }
}

fn segment(text: &str) -> Option<Segment> {
    if let Some(name) = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')) {
        let plain =
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        return plain.then(|| Segment::Variable(name.to_owned()));
    }
    (!text.is_empty() && !text.contains(['{', '}', ':', '*']))
        .then(|| Segment::Literal(text.to_owned()))
}

/// A request path, split once and matched against many templates.
#[derive(Debug)]
pub struct RequestPath {
    plain: Vec<String>,
    with_verb: Option<(Vec<String>, String)>,
}

impl RequestPath {
    /// Splits and percent-decodes a path; `None` where it is not UTF-8.
    pub fn parse(path: &str) -> Option<Self> {
        let parts: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        let plain = parts
            .iter()
            .map(|p| decode(p))
            .collect::<Option<Vec<_>>>()?;
        let with_verb = match parts.last()?.rsplit_once(':') {
            Some((segment, verb)) => {
                let mut cut = plain.clone();
                *cut.last_mut()? = decode(segment)?;
                Some((cut, verb.to_owned()))
            }
            None => None,
        };
        Some(Self { plain, with_verb })
    }

    fn segments(&self, verb: Option<&str>) -> Option<Vec<String>> {
        match (verb, &self.with_verb) {
            (None, _) => Some(self.plain.clone()),
            (Some(wanted), Some((segments, verb))) if wanted == verb => Some(segments.clone()),
            _ => None,
        }
    }
}

fn decode(segment: &str) -> Option<String> {
    percent_encoding::percent_decode_str(segment)
        .decode_utf8()
        .ok()
        .map(|s| s.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(template: &str, path: &str) -> Option<Vec<(String, String)>> {
        let template = Template::parse(template).unwrap();
        let path = RequestPath::parse(path)?;
        template
            .matches(&path)
            .map(|v| v.into_iter().map(|(n, v)| (n.to_owned(), v)).collect())
    }

    #[test]
    fn variables_take_whole_segments_and_the_verb_follows_the_last_colon() {
        assert_eq!(
            values(
                "/v1/schools/{school_id}/lessons/{lesson_id}:cancel",
                "/v1/schools/sch_1/lessons/les_2:cancel"
            ),
            Some(vec![
                ("school_id".into(), "sch_1".into()),
                ("lesson_id".into(), "les_2".into())
            ])
        );
        assert_eq!(
            values("/v1/marks:batchSet", "/v1/marks:batchSet"),
            Some(vec![])
        );
    }

    #[test]
    fn another_verb_length_or_literal_does_not_match() {
        assert_eq!(
            values("/v1/lessons/{id}:cancel", "/v1/lessons/les_2:move"),
            None
        );
        assert_eq!(values("/v1/lessons/{id}:cancel", "/v1/lessons/les_2"), None);
        assert_eq!(values("/v1/lessons/{id}", "/v1/lessons/les_2/x"), None);
        assert_eq!(values("/v1/lessons/{id}", "/v2/lessons/les_2"), None);
        assert_eq!(values("/v1/lessons/{id}", "/v1/lessons/"), None);
    }

    #[test]
    fn percent_encoding_is_undone_inside_a_segment_and_never_makes_a_new_one() {
        assert_eq!(
            values("/v1/x/{id}", "/v1/x/a%2Fb"),
            Some(vec![("id".into(), "a/b".into())])
        );
        assert_eq!(values("/v1/x/{id}", "/v1/x/%ff"), None);
    }

    #[test]
    fn wildcards_and_broken_templates_are_refused_at_start() {
        for text in ["v1", "/v1/{a=b/*}", "/v1/**", "/v1//x", "/v1/{}", "/v1/x:"] {
            assert!(Template::parse(text).is_err(), "{text}");
        }
    }
}
