// Which instruction set this translation unit is built for. Every kernel file is compiled once per instruction set (see
// build/native.mjs) into a namespace of its own; dispatch.cpp picks one at load time.
#pragma once

#if defined(SAGITTA_ISA_AVX512)
#define SAGITTA_ISA avx512
#define SAGITTA_VECTOR_FLOATS 16
#elif defined(SAGITTA_ISA_AVX2)
#define SAGITTA_ISA avx2
#define SAGITTA_VECTOR_FLOATS 8
#elif defined(SAGITTA_ISA_NEON)
#define SAGITTA_ISA neon
#define SAGITTA_VECTOR_FLOATS 4
#else
#define SAGITTA_ISA baseline
#define SAGITTA_VECTOR_FLOATS 4
#endif

namespace sagitta::SAGITTA_ISA {

// A vector of floats in the compiler's own notation; arithmetic on it becomes instructions of the set.
typedef float Vector __attribute__((vector_size(SAGITTA_VECTOR_FLOATS * 4)));
typedef int IntVector __attribute__((vector_size(SAGITTA_VECTOR_FLOATS * 4)));
typedef float UnalignedVector __attribute__((vector_size(SAGITTA_VECTOR_FLOATS * 4), aligned(4)));
constexpr int kVectorFloats = SAGITTA_VECTOR_FLOATS;

inline Vector load(const float* p) { return *reinterpret_cast<const UnalignedVector*>(p); }
inline void store(float* p, Vector v) { *reinterpret_cast<UnalignedVector*>(p) = v; }
inline Vector splat(float x) { return Vector{} + x; }

}  // namespace sagitta::SAGITTA_ISA
