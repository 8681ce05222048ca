//! Memory: whether so much of it can be had, and an allocator for programs that have something to say where it cannot.
#![allow(
    unsafe_code,
    reason = "an allocator is unsafe by its trait; this one hands everything to the system's"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::{Cell, UnsafeCell};
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};

thread_local! {
    /// This thread asks, and can do without.
    static ASKS: Cell<bool> = const { Cell::new(false) };
    /// This thread ends the program, and says why: what the system does not give it then, it has from the reserve.
    static SPEAKS: Cell<bool> = const { Cell::new(false) };
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

    fn checked(&self, layout: Layout, give: impl FnOnce() -> *mut u8) -> *mut u8 {
        let bytes = layout.size();
        let fits = bytes < LARGE || SPEAKS.get() || (self.fits)(bytes);
        let given = if fits { give() } else { ptr::null_mut() };
        if !given.is_null() || ASKS.get() {
            return given;
        }
        if SPEAKS.replace(true) {
            return RESERVE.give(layout);
        }
        (self.lost)(bytes)
    }
}

// SAFETY: each call is passed on as it came, to an allocator that keeps the contract, unless the block is of the reserve, which keeps
// it, too; a null pointer says that there was no memory.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's.
        self.checked(layout, || unsafe { System.alloc(layout) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's. The reserve is zeros, of which no byte is given twice.
        self.checked(layout, || unsafe { System.alloc_zeroed(layout) })
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        // SAFETY: the caller has seen to it that the new size is one.
        let wanted = unsafe { Layout::from_size_align_unchecked(bytes, layout.align()) };
        let is_reserved = RESERVE.holds(block);
        let given = self.checked(wanted, || match is_reserved {
            true => ptr::null_mut(),
            // SAFETY: the caller's.
            false => unsafe { System.realloc(block, layout, bytes) },
        });
        if !given.is_null() && (is_reserved || RESERVE.holds(given)) {
            // SAFETY: both are so long, and the reserve gives no byte twice. The block that was the system's is left to the end.
            unsafe { ptr::copy_nonoverlapping(block, given, layout.size().min(bytes)) };
        }
        given
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if !RESERVE.holds(block) {
            // SAFETY: the caller's.
            unsafe { System.dealloc(block, layout) }
        }
    }
}

/// More than anybody's last words take.
const RESERVED: usize = 64 << 10;

/// Memory that is there from the start, given once, from its beginning to its end, and never taken back.
#[repr(align(64))]
struct Reserve {
    bytes: UnsafeCell<[u8; RESERVED]>,
    given: AtomicUsize,
}

static RESERVE: Reserve = Reserve { bytes: UnsafeCell::new([0; RESERVED]), given: AtomicUsize::new(0) };

// SAFETY: nobody reads or writes the bytes but whom they were given to, and none are given twice.
unsafe impl Sync for Reserve {}

impl Reserve {
    /// A block, or nothing where too little is left.
    fn give(&self, layout: Layout) -> *mut u8 {
        let first = self.bytes.get().cast::<u8>();
        let mut start = 0;
        let take = |given: usize| {
            start = given + first.wrapping_add(given).align_offset(layout.align());
            start.checked_add(layout.size()).filter(|end| *end <= RESERVED)
        };
        match self.given.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take) {
            Ok(_) => first.wrapping_add(start),
            Err(_) => ptr::null_mut(),
        }
    }

    fn holds(&self, block: *mut u8) -> bool {
        let first = self.bytes.get().addr();
        (first..first + RESERVED).contains(&block.addr())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reserve_gives_no_byte_twice_and_not_more_than_it_has() {
        let reserve = Reserve { bytes: UnsafeCell::new([0; RESERVED]), given: AtomicUsize::new(0) };
        let mut end = reserve.bytes.get().addr();
        for (size, align) in [(1, 1), (8, 8), (3, 1), (100, 64), (RESERVED / 2, 16)] {
            let block = reserve.give(Layout::from_size_align(size, align).unwrap());
            assert!(reserve.holds(block) && block.addr().is_multiple_of(align));
            assert!(block.addr() >= end, "{size} bytes overlap those before");
            end = block.addr() + size;
        }
        for size in [RESERVED / 2, usize::MAX / 4] {
            assert!(reserve.give(Layout::from_size_align(size, 1).unwrap()).is_null(), "{size}");
        }
        assert!(!reserve.give(Layout::from_size_align(1, 1).unwrap()).is_null(), "a refusal takes nothing");
        assert!(
            !reserve.holds(ptr::null_mut()) && !reserve.holds(std::ptr::from_ref(&end).cast_mut().cast())
        );
    }
}
