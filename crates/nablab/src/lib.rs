//! ∇lab: the laboratory for training dense neural networks.
#![forbid(unsafe_code)]

pub use nablab_data as data;
pub use nablab_diagnosis as diagnosis;
pub use nablab_engine as engine;
pub use nablab_kernel::memory;
pub use nablab_labs as labs;
pub use nablab_report as report;
pub use nablab_study as study;
pub use nablab_tables as tables;
