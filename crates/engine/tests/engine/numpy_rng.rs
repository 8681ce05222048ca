//! The generator against numbers NumPy printed.
//!
//! ```python
//! np.random.seed(s); np.random.randn(5)          # and, each after seeding anew, rand(5), permutation(10)
//! np.random.seed(s); np.random.randn(3); np.random.rand(2); np.random.randn(3)
//! np.random.permutation(6); np.random.randn(2)   # the waiting second Gaussian survives rand and permutation
//! np.random.seed(s); np.random.randn(1000); np.random.rand(1000); np.random.rand(); np.random.randn()
//! ```

use nablab_engine::rng::{NumpyRng, Stream};

struct Vector {
    seed: u32,
    randn: [f64; 5],
    rand: [f64; 5],
    permutation: [usize; 10],
    mixed_randn: [f64; 3],
    mixed_rand: [f64; 2],
    mixed_randn_again: [f64; 3],
    mixed_permutation: [usize; 6],
    mixed_end: [f64; 2],
    far_rand: f64,
    far_randn: f64,
}

#[rustfmt::skip]
const VECTORS: &[Vector] = &[
    Vector {
        seed: 0,
        randn: [1.764052345967664, 0.4001572083672233, 0.9787379841057392, 2.240893199201458, 1.8675579901499675],
        rand: [0.5488135039273248, 0.7151893663724195, 0.6027633760716439, 0.5448831829968969, 0.4236547993389047],
        permutation: [2, 8, 4, 9, 1, 6, 7, 3, 0, 5],
        mixed_randn: [1.764052345967664, 0.4001572083672233, 0.9787379841057392],
        mixed_rand: [0.4236547993389047, 0.6458941130666561],
        mixed_randn_again: [2.240893199201458, 0.9500884175255894, -0.1513572082976979],
        mixed_permutation: [3, 5, 1, 2, 4, 0],
        mixed_end: [-0.08767306723970031, 1.366879366926775],
        far_rand: 0.9809794008003951,
        far_randn: 0.8223381850278805,
    },
    Vector {
        seed: 1,
        randn: [1.6243453636632417, -0.6117564136500754, -0.5281717522634557, -1.0729686221561705, 0.8654076293246785],
        rand: [0.417022004702574, 0.7203244934421581, 0.00011437481734488664, 0.30233257263183977, 0.14675589081711304],
        permutation: [2, 9, 6, 4, 0, 3, 1, 7, 8, 5],
        mixed_randn: [1.6243453636632417, -0.6117564136500754, -0.5281717522634557],
        mixed_rand: [0.39676747423066994, 0.538816734003357],
        mixed_randn_again: [-1.0729686221561705, 1.74481176421648, -0.7612069008951028],
        mixed_permutation: [5, 1, 0, 2, 4, 3],
        mixed_end: [0.8581788594815808, 0.07134299132987576],
        far_rand: 0.3685768697652759,
        far_randn: -0.6879162397400608,
    },
    Vector {
        seed: 2,
        randn: [-0.4167578474054706, -0.056266827226329474, -2.136196095668454, 1.6402708084049886, -1.7934355851948631],
        rand: [0.43599490214200376, 0.025926231827891333, 0.5496624778787091, 0.4353223926182769, 0.42036780208748903],
        permutation: [4, 1, 5, 0, 7, 2, 3, 6, 9, 8],
        mixed_randn: [-0.4167578474054706, -0.056266827226329474, -2.136196095668454],
        mixed_rand: [0.42036780208748903, 0.3303348210038741],
        mixed_randn_again: [1.6402708084049886, 0.5028814171580428, -1.2452880866072316],
        mixed_permutation: [5, 1, 3, 0, 4, 2],
        mixed_end: [-0.015761054937150826, 2.0048809516847803],
        far_rand: 0.08416303163763705,
        far_randn: -0.826597170021333,
    },
    Vector {
        seed: 3,
        randn: [1.7886284734303186, 0.43650985051198943, 0.09649746807200862, -1.8634927033644908, -0.27738820251439905],
        rand: [0.5507979025745755, 0.7081478226181048, 0.2909047389129443, 0.510827605197663, 0.8929469543476547],
        permutation: [5, 4, 1, 2, 9, 6, 7, 0, 3, 8],
        mixed_randn: [1.7886284734303186, 0.43650985051198943, 0.09649746807200862],
        mixed_rand: [0.8929469543476547, 0.8962930889334381],
        mixed_randn_again: [-1.8634927033644908, -0.27738820251439905, -0.35475897926898675],
        mixed_permutation: [3, 2, 1, 5, 4, 0],
        mixed_end: [-1.4645641816473005, -0.24112737899031478],
        far_rand: 0.9177053540736689,
        far_randn: -0.5956485028058899,
    },
    Vector {
        seed: 10,
        randn: [1.331586504129518, 0.7152789743984055, -1.5454002921112682, -0.008383849928522256, 0.6213359738904805],
        rand: [0.771320643266746, 0.0207519493594015, 0.6336482349262754, 0.7488038825386119, 0.4985070123025904],
        permutation: [8, 2, 5, 6, 3, 1, 0, 7, 4, 9],
        mixed_randn: [1.331586504129518, 0.7152789743984055, -1.5454002921112682],
        mixed_rand: [0.19806286475962398, 0.7605307121989587],
        mixed_randn_again: [-0.008383849928522256, 0.2655115856921195, 0.10854852571496944],
        mixed_permutation: [1, 4, 2, 5, 0, 3],
        mixed_end: [0.31085073538026164, 1.7293758845948057],
        far_rand: 0.4172332004455602,
        far_randn: -0.6659184145758189,
    },
];

#[test]
fn draws_are_numpys_bit_for_bit() {
    for v in VECTORS {
        let rng = NumpyRng::new(v.seed);
        let mut fresh = rng.clone();
        assert_eq!(std::array::from_fn(|_| fresh.gaussian()), v.randn, "seed {}", v.seed);
        let mut fresh = rng.clone();
        assert_eq!(std::array::from_fn(|_| fresh.uniform()), v.rand, "seed {}", v.seed);
        assert_eq!(rng.clone().permutation(10), v.permutation, "seed {}", v.seed);
    }
}

#[test]
fn mixed_calls_keep_the_second_gaussian() {
    for v in VECTORS {
        let mut rng = NumpyRng::new(v.seed);
        assert_eq!(std::array::from_fn(|_| rng.gaussian()), v.mixed_randn);
        assert_eq!(std::array::from_fn(|_| rng.uniform()), v.mixed_rand);
        assert_eq!(std::array::from_fn(|_| rng.gaussian()), v.mixed_randn_again);
        assert_eq!(rng.permutation(6), v.mixed_permutation);
        assert_eq!(std::array::from_fn(|_| rng.gaussian()), v.mixed_end);
    }
}

#[test]
fn far_draws_agree() {
    for v in VECTORS {
        let mut rng = NumpyRng::new(v.seed);
        for _ in 0..1000 {
            rng.gaussian();
        }
        for _ in 0..1000 {
            rng.uniform();
        }
        assert_eq!(rng.uniform(), v.far_rand);
        assert_eq!(rng.gaussian(), v.far_randn);
    }
}

/// `np.random.RandomState([seed & 0xffffffff, seed >> 32, k]).rand()` for k = 1, 2, 3, 4.
#[test]
fn streams_are_numpys_array_seeds() {
    let streams = [Stream::Weights, Stream::Shuffle, Stream::Dropout, Stream::Split];
    let first = |seed| streams.map(|stream| stream.rng(seed).uniform());
    assert_eq!(first(7), [0.9625990769630326, 0.8282029053617109, 0.34124965520609973, 0.7711802329007282]);
    let two_words = 3 + (5 << 32);
    assert_eq!(
        first(two_words),
        [0.05774801351545855, 0.6079602819328945, 0.13755130472082333, 0.3249240946628811]
    );
}
