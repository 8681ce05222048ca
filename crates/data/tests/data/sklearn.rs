//! Generated data sets against digests of scikit-learn's own arrays (tests/sklearn_digests.py prints them;
//! these are of scikit-learn 1.9.1 and NumPy 2.4.6 on Linux).

use nablab_data::Generator::{self, Blobs, Circles, Moons};
use sha2::{Digest, Sha256};

#[rustfmt::skip]
const DIGESTS: &[(Generator, &str, &str)] = &[
    (Circles { samples: 300, noise: 0.05, factor: 0.8, seed: 1 },
        "d19f4ebce59286081b2b0e01ecdcf761530b7b04b4425bb6553bea89da43b5da",
        "69ad0903bd8006bb96117b07a056caa9be52e9ec3539e96820ff3f386bfcb817"),
    (Circles { samples: 100, noise: 0.05, factor: 0.8, seed: 2 },
        "6ea56690cb1725265c54bd2b67f9a6f8e3b1d0c2ba4e38c869c2b8b449065ca4",
        "d4409f3ac1b052918592993f25968083a33c7c21ad468a09ab2d626eb671dec6"),
    (Circles { samples: 1, noise: 0.1, factor: 0.5, seed: 0 },
        "723926f7cd9ca230f42b0ecb12aceb08d8c5f1fce30bc2c3e067d816fe27c6f1",
        "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a"),
    (Circles { samples: 2, noise: 0.0, factor: 0.3, seed: 7 },
        "b05c7136ead4ae1b1166a8b96c7b4c95b10dbcbe8eb8cee186150687662dbd97",
        "b413f47d13ee2fe6c845b2ee141af81de858df4ec549a58b7970bb96645bc8d2"),
    (Circles { samples: 7, noise: 0.2, factor: 0.0, seed: 3 },
        "bf816835bbc9d7f1df1ea0ddc25e8175f55abdef58cc6b96267539f64ae5932d",
        "71efa41e592e0bc05331aa79e662e0cad92c6800e10dc1d7401050e22a724efc"),
    (Circles { samples: 1001, noise: 0.3, factor: 0.99, seed: 4294967295 },
        "374345f535d85a4c04849fc8ef3858918c08c082ed927e320283dd1e0be2f56a",
        "7e2e0836dba10d9117a17653eae6288e5d8f8ce4c186b5e64773660f1946e08e"),
    (Circles { samples: 10001, noise: 1.5, factor: 0.25, seed: 123456 },
        "a063840b4ca6df56bdb32584136997eb9c3d3cc6c338aadd56585922ec071d66",
        "19005b119e2c1be02e7e6585467afee9b83819662f145c4227440cb61e289422"),
    (Moons { samples: 300, noise: 0.2, seed: 3 },
        "eb6bfc719018f058ae7580c2dbdb75dcd58928399b533da10b9b8c42fd1f1059",
        "963e30140a604229ac2d9fa903c056d8e3f0cbdb1707fb386b9d29383ee1831a"),
    (Moons { samples: 1, noise: 0.1, seed: 0 },
        "1a3fac6e9816eb8e0329491d47464881ec5840ad193ae16ed07944ee2d8c7935",
        "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a"),
    (Moons { samples: 2, noise: 0.1, seed: 5 },
        "f944dc593c296eded1a692b83b8c28a6b03c1ab502d865bc0a96e00b806fb6fd",
        "b413f47d13ee2fe6c845b2ee141af81de858df4ec549a58b7970bb96645bc8d2"),
    (Moons { samples: 3, noise: 0.0, seed: 1 },
        "12a7ba08d53d96efbd0ecc54b28c8b088ac9039df6d06cf3bc187e23bcbd37f8",
        "fbb59ed10e9cd4ff45a12c5bb92cbd80df984ba1fe60f26a30febf218e2f0f5e"),
    (Moons { samples: 8, noise: 0.5, seed: 42 },
        "50d90bdc930c1486d15bbfd9b7384a5518c2be8a9e36932d19b2e3797ca715f4",
        "9d523143304148a2b2d887da817f10830e37f50d7689ca5a9e69f10d7b2eb31f"),
    (Moons { samples: 1001, noise: 0.05, seed: 99 },
        "a1d9287b453a372af1f7455c4effc85b2aa9f6de08c3d3329ff2725d46b469f5",
        "b6868261333d64257526654ca49d7396a2eb09021cf057628f5770e42a885958"),
    (Moons { samples: 10001, noise: 2.0, seed: 4294967295 },
        "5f917b3a1fdc24960b27c794b1a861d04c1b72c7f602cca63125f800b66e5fa1",
        "52282c5e1b8c945cfc3692f3fcd4ecb730169c90a57f4a0cf0f1714fecb5ff97"),
    (Blobs { samples: 100, noise: 1.0, centers: 3, seed: 0 },
        "605864f86e4287a51a1190cc62f05377a40bb5cf8b679d2bf45853b37bf30992",
        "e897402c67bc30f4d1ba5654a362a874480149e19f96ab679948fa769d52589c"),
    (Blobs { samples: 7, noise: 0.5, centers: 5, seed: 11 },
        "b558c7922982a823ab22305bae32e9392bba9406099282b7f755a5fab28b7b86",
        "3a077e91e5b585ae7ec966566452ac343e76357f7e47a7622ec7ed90acb91767"),
    (Blobs { samples: 1001, noise: 2.5, centers: 2, seed: 77 },
        "cd63d39deec804db98da55a9e7817b0e0003c06edbaabce5e67694f013869c58",
        "637f11c485473014b4044b477f568d766ca6f2b2386df0fedf176801b8a99131"),
];

fn hex(bytes: impl IntoIterator<Item = u8>) -> String {
    let digest = Sha256::digest(bytes.into_iter().collect::<Vec<_>>());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn generators_equal_scikit_learn_bit_for_bit() {
    for (generator, x, y) in DIGESTS {
        let set = generator.generate().unwrap();
        assert_eq!(hex(set.x().iter().flat_map(|v| v.to_le_bytes())), *x, "points of {generator:?}");
        assert_eq!(hex(set.labels().iter().map(|&label| label as u8)), *y, "labels of {generator:?}");
    }
}
