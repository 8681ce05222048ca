//! Words in both languages.

use nablab_report::Lang;
use serde::Serialize;

/// A text in English and Chinese.
///
/// ```
/// use nablab_labs::Text;
/// use nablab_report::Lang;
/// let text = Text::new("the factor 1/m is missing", "缺少因子 1/m");
/// assert_eq!(text.of(Lang::Zh), "缺少因子 1/m");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Text {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

impl Text {
    /// Of its two languages.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }

    /// What a function says in either language.
    pub fn by(words: impl Fn(Lang) -> String) -> Self {
        Self { en: words(Lang::En), zh: words(Lang::Zh) }
    }

    /// In a language.
    pub fn of(&self, lang: Lang) -> &str {
        lang.choose(&self.en, &self.zh)
    }
}

/// Code, which is the same in both.
impl From<String> for Text {
    fn from(code: String) -> Self {
        Self::new(code.clone(), code)
    }
}
