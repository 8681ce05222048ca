//! Memory: whether so much of it can be had, and an allocator for programs that have something to say where it cannot.
#![allow(
    unsafe_code,
    reason = "an allocator is unsafe by its trait; this one hands everything to the system's"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    /// This thread asks, and can do without.
    static ASKS: Cell<bool> = const { Cell::new(false) };
}

/// Can so many bytes be had, in one piece? They are given back at once.
///
/// ```
/// use nablab_kernel::memory::can_be_had;
/// assert!(can_be_had(1000) && !can_be_had(u128::MAX));
/// ```
pub fn can_be_had(bytes: u128) -> bool {
    ASKS.set(true);
    let can = usize::try_from(bytes).is_ok_and(|bytes| Vec::<u8>::new().try_reserve_exact(bytes).is_ok());
    ASKS.set(false);
    can
}

/// The system's allocator, to be a program's `#[global_allocator]`: memory that cannot be had ends the program with its own
/// words, where Rust would abort it.
#[derive(Debug)]
pub struct Allocator {
    fits: fn(usize) -> bool,
    lost: fn(usize) -> !,
}

/// Bytes from which on it is asked whether they fit: the system promises more than it has.
const LARGE: usize = 64 << 20;

impl Allocator {
    /// `fits` says of many bytes whether there is room for them; `lost` ends the program, told how many were wanted.
    pub const fn new(fits: fn(usize) -> bool, lost: fn(usize) -> !) -> Self {
        Self { fits, lost }
    }

    fn checked(&self, bytes: usize, give: impl FnOnce() -> *mut u8) -> *mut u8 {
        let fits = bytes < LARGE || (self.fits)(bytes);
        let given = if fits { give() } else { std::ptr::null_mut() };
        if given.is_null() && !ASKS.get() {
            (self.lost)(bytes);
        }
        given
    }
}

// SAFETY: each call is passed on as it came, to an allocator that keeps the contract; a null pointer says that there was no memory.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's.
        self.checked(layout.size(), || unsafe { System.alloc(layout) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's.
        self.checked(layout.size(), || unsafe { System.alloc_zeroed(layout) })
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        // SAFETY: the caller's.
        self.checked(bytes, || unsafe { System.realloc(block, layout, bytes) })
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller's.
        unsafe { System.dealloc(block, layout) }
    }
}
