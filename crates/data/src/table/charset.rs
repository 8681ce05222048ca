//! The encodings of text. A page has the browser decode a file before it reads it, and the tables of all encodings would be a good part
//! of what it loads: there, text is UTF-8.

#[cfg(not(target_family = "wasm"))]
pub(super) use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

#[cfg(target_family = "wasm")]
pub(super) use utf_8::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// What is used of `encoding_rs`, for UTF-8 alone.
#[cfg(target_family = "wasm")]
mod utf_8 {
    /// An encoding by its name.
    #[derive(Debug, PartialEq, Eq)]
    pub(crate) struct Encoding(&'static str);

    pub(crate) static UTF_8: &Encoding = &Encoding("UTF-8");
    pub(crate) static UTF_16LE: &Encoding = &Encoding("UTF-16LE");
    pub(crate) static UTF_16BE: &Encoding = &Encoding("UTF-16BE");

    impl Encoding {
        pub(crate) fn for_label_no_replacement(label: &[u8]) -> Option<&'static Self> {
            let is_utf_8 = [&b"utf-8"[..], b"utf8"].iter().any(|known| known.eq_ignore_ascii_case(label));
            is_utf_8.then_some(UTF_8)
        }

        pub(crate) fn name(&self) -> &'static str {
            self.0
        }

        pub(crate) fn new_decoder_with_bom_removal(&'static self) -> Decoder {
            Decoder(self)
        }
    }

    /// Of text that is not UTF-8, which is refused.
    pub(crate) struct Decoder(&'static Encoding);

    pub(crate) enum DecoderResult {
        Malformed,
    }

    impl Decoder {
        pub(crate) fn encoding(&self) -> &'static Encoding {
            self.0
        }

        pub(crate) fn max_utf8_buffer_length_without_replacement(&self, bytes: usize) -> Option<usize> {
            Some(bytes)
        }

        pub(crate) fn decode_to_utf8_without_replacement(
            &mut self,
            _raw: &[u8],
            _text: &mut [u8],
            _ended: bool,
        ) -> (DecoderResult, usize, usize) {
            (DecoderResult::Malformed, 0, 0)
        }
    }
}
