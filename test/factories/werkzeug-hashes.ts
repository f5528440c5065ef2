/** Hashes as Python's own hashlib and Werkzeug made them, each with its password. */
export const WERKZEUG_HASHES: readonly {
  readonly note: string;
  readonly password: string;
  readonly hash: string;
}[] = [
  {
    note: 'sha256 (the post)',
    password: '1234',
    hash: 'sha256$EBzbyAgwmvbcQJQK$bf0f879995d3f997964ade5b00fce9d81d68e6589f7c812937b30671a58d767b',
  },
  {
    note: 'sha256',
    password: 'abcd-5678',
    hash: 'sha256$yvZ0U04ph1zWz0QL$670c616e91a455d36b8acbe2ba57b6b7c4f994ea43facee42339a02b710c3580',
  },
  {
    note: 'pbkdf2:sha256:260000 (werkzeug 2.0-2.2 default)',
    password: 'pbk pass 3',
    hash: 'pbkdf2:sha256:260000$bmp7syLevU7ORcpg$4cc3f8761a7baf36e7c86842b4f54e9bb376d17094d2d62c45e189c5e91eb199',
  },
  {
    note: 'pbkdf2:sha256:600000 (werkzeug 2.3/3.0)',
    password: 'pbk:colon:4',
    hash: 'pbkdf2:sha256:600000$NClv9QJ7lqM84Vuw$51493696a0c59697b5f1f695076c76a6382c7e4c7c416ea0fdc9c3beb92efb25',
  },
  {
    note: 'scrypt:32768:8:1 (werkzeug 2.3+/3.x default)',
    password: 'scrypt-5!',
    hash: 'scrypt:32768:8:1$aVeXSXmxuZaemck6$f0621e87c857ec23fb28c7c06c7d1e7633d5d28903e42f65c74c61dd1afc11d51faa4ba89f540944de1fd1273843fa60269c1e941b30b2ffe076aa5393b7734f',
  },
  {
    note: 'sha256, UTF-8 name and password',
    password: '비밀번호',
    hash: 'sha256$iEtnSI6WwHwgIBVp$2942eaa71232501fb384d70c603b7990c2bc910db4fd98e462ed1168c942ab8f',
  },
  {
    note: 'pbkdf2:sha256:150000 (werkzeug 0.15-1.x default)',
    password: 'old-7',
    hash: 'pbkdf2:sha256:150000$AbGsB3CtKcKPRjTe$50d08b50b26695b80af3d2aa9de2d4fd4d02d09c1c4efbf5fa9119a03e2ffc74',
  },
  {
    note: 'sha1 (salted HMAC)',
    password: 'sha1-8',
    hash: 'sha1$feqqAVBnJTJYt6GG$64c3cda9671f9f1143fe88ec0bbf950e409c551b',
  },
  {
    note: 'sha512 (salted HMAC)',
    password: 'sha512-9',
    hash: 'sha512$BGW2ddDuz9aw3O4F$2af5c2e77a313152f2db6f65ea357dac12a45c282d2cb665ec0ee043e70e65ec917a69ad00d79346681e54269f43c5e15395bdbf09801c4f98634edb0aefea20',
  },
  {
    note: 'pbkdf2:sha512:1000',
    password: 'p512',
    hash: 'pbkdf2:sha512:1000$K51R0eGSmrKNz2SM$5f433eedb9cfc0f5e30f4ca462f7a8feea76691bdfc83f44478f5cac4e1192792115863f3dd7ec876ad10aadf056359457b0e50d4a729c2395f98456b6f5e3d2',
  },
  {
    note: 'bare pbkdf2:sha1 (1,000 by default until 0.11)',
    password: 'bare one',
    hash: 'pbkdf2:sha1$uOm3q$0d352b1ba0df5d6afa9f8cbdb4e7ab79e63b98c3',
  },
  {
    note: 'bare pbkdf2:sha256 (260,000 by default in 2.0)',
    password: 'bare two',
    hash: 'pbkdf2:sha256$Zt81bQ$253a8cc3e2c8dfd04a08e7ab273299a38ccfe63d8840d56f88040b0b0d4a058f',
  },
  {
    note: 'bare pbkdf2:sha512 (50,000 by default from 0.12)',
    password: 'bare three',
    hash: 'pbkdf2:sha512$k2$6659cc1c9606a70833b5cd06373aa911defbf6fce5ea41635c4a6c96a5dbac1234dbfbfaa28db7dea990ede1597d841da8169d58d716d3bb52d2f8dc76196969',
  },
  {
    note: 'bare scrypt',
    password: 'bare scrypt',
    hash: 'scrypt$nosayCost$eec2dae96c084f6ddd351baf4218bcb609b3727b1f0a2d9c08443b9668f24300a434eff635cf4fac766b0a687f9d331f6f6bf173cfedd325be160583ac11f280',
  },
  {
    note: 'scrypt of four lanes',
    password: 'four lanes',
    hash: 'scrypt:1024:8:4$p4$f3b76540efd84f36a1e502d1736dca792b95af7f01fd4a4e8e9d55334c39798656994b181ebcdf904b60e8f058082cec810a9462f9579d0f7a1feba8f46d2e33',
  },
  {
    note: 'the smallest scrypt',
    password: 'tiny',
    hash: 'scrypt:2:1:1$tiny$ff99a82f29cf6793ba9115ab772562710667aa878f1829330449ca53ce40a1528197f93b6adb8739c95ae518c8f5d0455434ac35b2570c163465f8cb99b9ce56',
  },
  {
    note: 'sha224',
    password: 'two two four',
    hash: 'sha224$Ab$9bc497ea6ca277486346d19430f66daacb4e5b7bda576cf23e12aa6a',
  },
  {
    note: 'sha384',
    password: 'three eight four',
    hash: 'sha384$Cd$a487a009090ac4ec441a6bc6085c2ddedad6a8016754fb1215bcf0ce030866c8e735593b4e95be6e7de467427f26d629',
  },
  {
    note: 'sha256, a salt outside ASCII',
    password: 'café',
    hash: 'sha256$소금$86ff9671f36336fabff7476ccd7f936e34e3f75e1970a1420b0c40584328ca40',
  },
  {
    note: 'sha256, a password in NFD',
    password: 'cafe\u0301',
    hash: 'sha256$nfd$14f127d68cfb4fae7e655bd001810ac7db27a6e5b5576d2199c6792d15f9b971',
  },
  {
    note: 'sha256, a password with a NUL',
    password: 'a\0b',
    hash: 'sha256$nul$e12e0361c16b44fd4cccdee807159cda35bd1b07f62b105f84e01058df968b66',
  },
];
