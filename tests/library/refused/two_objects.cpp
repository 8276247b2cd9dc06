// refused: ouro::Object has to be a public base, and there may be only one of it
#include <ouro/ouro.h>
struct A : ouro::Object {};
struct B : ouro::Object {};
struct Both : A, B {};
ouro::Ref<Both> make_both() { return ouro::make<Both>(); }
