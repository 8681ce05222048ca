//! A sentence in both languages.

use nablab_report::Lang;
use serde::Serialize;

/// A sentence, or a part of one, in English and in Chinese.
///
/// ```
/// use nablab_labs::hand_in::Said;
/// use nablab_report::Lang;
/// assert_eq!(Said::new("it is the transpose", "是转置后的矩阵").words(Lang::Zh), "是转置后的矩阵");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

impl Said {
    /// The same in both.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }

    /// In this language.
    pub fn words(&self, lang: Lang) -> &str {
        lang.choose(&self.en, &self.zh)
    }
}
