//! Data read and written.

use std::fs;

use tempfile::TempDir;

use crate::{assert_refused, course_file, nablab, stderr};

#[test]
fn damaged_data_are_refused() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    let lab = |data: &'static str| ["lab", "regularization", "--data", data];
    assert_refused(folder.path(), &lab("missing.mat"), &["missing.mat", "No such file", "hint"]);
    let message = stderr(&nablab(folder.path(), &lab("missing.mat")));
    assert_eq!(message.matches("No such file").count(), 1, "{message}");
    fs::write(at("points.csv"), "not,a\ntable of,numbers\n").unwrap();
    assert_refused(folder.path(), &lab("points.csv"), &["points.csv", "line 2", "hint"]);
    fs::write(at("points.npz"), "not a zip file").unwrap();
    assert_refused(folder.path(), &lab("points.npz"), &["points.npz", "hint"]);
    fs::write(at("points.txt"), "0,1\n").unwrap();
    assert_refused(folder.path(), &lab("points.txt"), &["points.txt", ".csv, .npz or .mat"]);
    fs::write(at("wide.csv"), "a,b,c,label\n1,2,3,0\n4,5,6,1\n").unwrap();
    assert_refused(folder.path(), &lab("wide.csv"), &["wide.csv", "3 features", "expected 2"]);
    fs::write(at("three.csv"), "a,b,label\n1,2,0\n4,5,1\n6,7,2\n").unwrap();
    assert_refused(folder.path(), &lab("three.csv"), &["3 classes", "expected 2"]);
    fs::write(at("from1.csv"), "a,b,label\n1,2,1\n4,5,2\n").unwrap();
    assert_refused(folder.path(), &lab("from1.csv"), &["from1.csv", "labels from 1 to 2", "from 0"]);
    fs::write(at("empty.csv"), "a,b,label\n").unwrap();
    assert_refused(folder.path(), &lab("empty.csv"), &["expected"]);

    let Some(course) = course_file() else { return };
    let bytes = fs::read(course).unwrap();
    fs::write(at("cut.mat"), &bytes[..bytes.len() / 2]).unwrap();
    assert_refused(folder.path(), &lab("cut.mat"), &["cut.mat", "hint"]);
    let mut flipped = bytes.clone();
    flipped[1000] ^= 4;
    fs::write(at("flipped.mat"), &flipped).unwrap();
    assert_refused(folder.path(), &lab("flipped.mat"), &["flipped.mat", "hint"]);
    let mut version = bytes;
    version[124..126].copy_from_slice(&[0, 2]);
    fs::write(at("version.mat"), &version).unwrap();
    assert_refused(folder.path(), &lab("version.mat"), &["version.mat", "version", "hint"]);
}

#[test]
fn data_go_out_and_come_back() {
    let folder = TempDir::new().unwrap();
    for file in ["c.csv", "c.npz"] {
        let arguments =
            ["data", "circles", "--samples", "40", "--noise", "0.05", "--seed", "7", "--out", file];
        assert_eq!(nablab(folder.path(), &arguments).status.code(), Some(0));
        let read = nablab::data::load(&folder.path().join(file)).unwrap().train;
        let made = nablab::data::Generator::Circles { samples: 40, noise: 0.05, factor: 0.8, seed: 7 }
            .generate()
            .unwrap();
        assert_eq!(read, made);
    }
    // Points of one's own in the lab, without a test set.
    let arguments = ["lab", "regularization", "--epochs", "50", "--data", "c.csv", "--out", "r"];
    let output = nablab(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}
