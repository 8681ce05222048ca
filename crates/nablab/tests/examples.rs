//! The examples run, and what they say is so.
#![allow(unreachable_pub, reason = "they are programs")]

/// An example, as a test.
macro_rules! examples {
    ($($name:ident in $file:literal,)*) => {$(
        #[path = $file]
        mod $name;

        #[test]
        fn $name() {
            $name::main().unwrap();
        }
    )*};
}

examples! {
    fit in "../examples/01_fit.rs",
    run_folder in "../examples/02_run_folder.rs",
    diagnose in "../examples/03_diagnose.rs",
    gradient_check in "../examples/04_gradient_check.rs",
    study in "../examples/05_study.rs",
    landscape in "../examples/06_landscape.rs",
    population in "../examples/07_population.rs",
    export in "../examples/08_export.rs",
    lab_variant in "../examples/09_lab_variant.rs",
    boundary in "../examples/10_boundary.rs",
    folds in "../examples/11_folds.rs",
    ask_tell in "../examples/12_ask_tell.rs",
}
