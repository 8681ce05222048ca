//! stub
#[derive(Clone, Debug)]
pub struct NumpyRng(rand_mt::Mt, Option<f64>);
impl NumpyRng {
    pub fn new(seed: u32) -> Self {
        Self(rand_mt::Mt::new(seed), None)
    }
    pub fn from_key(k: &[u32]) -> Self {
        Self(rand_mt::Mt::new_with_key(k.iter().copied()), None)
    }
    pub fn uniform(&mut self) -> f64 {
        let a = self.0.next_u32() >> 5;
        let b = self.0.next_u32() >> 6;
        (a as f64 * 67108864.0 + b as f64) / 9007199254740992.0
    }
    pub fn gaussian(&mut self) -> f64 {
        if let Some(g) = self.1.take() {
            return g;
        }
        loop {
            let x1 = 2.0 * self.uniform() - 1.0;
            let x2 = 2.0 * self.uniform() - 1.0;
            let r2 = x1 * x1 + x2 * x2;
            if r2 < 1.0 && r2 != 0.0 {
                let f = (-2.0 * r2.ln() / r2).sqrt();
                self.1 = Some(f * x1);
                return f * x2;
            }
        }
    }
    pub fn permutation_into(&mut self, p: &mut [usize]) {
        for (i, p) in p.iter_mut().enumerate() {
            *p = i;
        }
        for i in (1..p.len()).rev() {
            let mut mask = i as u32;
            mask |= mask >> 1;
            mask |= mask >> 2;
            mask |= mask >> 4;
            mask |= mask >> 8;
            mask |= mask >> 16;
            let j = loop {
                let v = self.0.next_u32() & mask;
                if v <= i as u32 {
                    break v;
                }
            };
            p.swap(i, j as usize);
        }
    }
}
#[derive(Clone, Copy, Debug)]
pub enum Stream {
    Weights,
    Shuffle,
    Dropout,
}
impl Stream {
    pub fn rng(self, seed: u64) -> NumpyRng {
        NumpyRng::from_key(&[seed as u32, (seed >> 32) as u32, self as u32])
    }
}
