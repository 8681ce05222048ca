//! Which instruction sets there are, which a processor has, and how a kernel runs on one.

use std::fmt;

use super::Kernel;
use super::portable::Portable;
use crate::Float;

/// An instruction set. The results are the same bits on each of them; the speed is not.
///
/// ```
/// use nablab_kernel::Isa;
/// assert!(Isa::available().contains(&Isa::best()));
/// assert_eq!(Isa::best(), Isa::available()[0]);
/// assert_eq!(Isa::named("portable"), Some(Isa::PORTABLE));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Isa(Name);

/// Private, so that a set the processor lacks cannot be named into existence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
    RelaxedSimd128,
    Portable,
}

impl Isa {
    /// Plain Rust: whatever the compiler makes of it for the target's baseline (on AArch64 that is NEON).
    pub const PORTABLE: Self = Self(Name::Portable);

    /// The sets this processor has, fastest first.
    pub fn available() -> Vec<Self> {
        Self::fastest_first().collect()
    }

    fn fastest_first() -> impl Iterator<Item = Self> {
        #[cfg(target_arch = "x86_64")]
        let sets = [
            (is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512dq"))
                .then_some(Self(Name::Avx512)),
            (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then_some(Self(Name::Avx2)),
        ];
        #[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
        let sets = [super::relaxed::is_fused().then_some(Self(Name::RelaxedSimd128))];
        #[cfg(not(any(
            target_arch = "x86_64",
            all(target_arch = "wasm32", target_feature = "relaxed-simd")
        )))]
        let sets = [None];
        sets.into_iter().flatten().chain([Self::PORTABLE])
    }

    /// The fastest set this processor has.
    pub fn best() -> Self {
        Self::fastest_first().next().unwrap_or(Self::PORTABLE)
    }

    /// The set of this name, if the processor has it: `avx512`, `avx2`, `relaxed-simd128`, `portable`.
    pub fn named(name: &str) -> Option<Self> {
        Self::available().into_iter().find(|isa| isa.to_string() == name)
    }
}

impl fmt::Display for Isa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            #[cfg(target_arch = "x86_64")]
            Name::Avx512 => "avx512",
            #[cfg(target_arch = "x86_64")]
            Name::Avx2 => "avx2",
            #[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
            Name::RelaxedSimd128 => "relaxed-simd128",
            Name::Portable => "portable",
        })
    }
}

/// Runs kernels on numbers of a type. A supertrait of [`Float`], because only for a known type is it known that
/// every set computes it.
pub trait Dispatch: Sized {
    /// Run a kernel on an instruction set.
    #[doc(hidden)]
    fn run_on<K: Kernel<Self>>(isa: Isa, kernel: K) -> K::Output
    where
        Self: Float;
}

macro_rules! dispatch {
    ($t:ty) => {
        impl Dispatch for $t {
            #[inline]
            fn run_on<K: Kernel<Self>>(isa: Isa, kernel: K) -> K::Output {
                match isa.0 {
                    // SAFETY: an `Isa` of this set is only made where the processor has it.
                    #[cfg(target_arch = "x86_64")]
                    Name::Avx512 => unsafe { super::avx512::run(kernel) },
                    // SAFETY: as above.
                    #[cfg(target_arch = "x86_64")]
                    Name::Avx2 => unsafe { super::avx2::run(kernel) },
                    #[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
                    Name::RelaxedSimd128 => kernel.run(super::relaxed::FUSED),
                    Name::Portable => kernel.run(Portable::<false>),
                }
            }
        }
    };
}

dispatch!(f32);
dispatch!(f64);
