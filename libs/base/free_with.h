#pragma once

namespace loadline::base {

/// Has a `std::unique_ptr` end what a C library made with the function that is
/// there for it: `std::unique_ptr<X509, FreeWith<X509_free>>`.
template <auto Free>
struct FreeWith {
  template <typename T>
  void operator()(T* value) const {
    Free(value);
  }
};

}  // namespace loadline::base
