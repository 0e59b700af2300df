// Dutch for the words that the rich text editor asks gettext for. Loaded before the editor, which runs as a module.
{
  const words = {
    "Bullets": "Opsomming",
    "Cancel": "Annuleren",
    "Decimal numbers": "Cijfers",
    "Edit Link": "Link",
    "Insert": "Invoegen",
    "List properties": "Nummering",
    "List type": "Soort nummering",
    "Lowercase Roman numerals": "Kleine Romeinse cijfers",
    "Lowercase letters": "Kleine letters",
    "Start at": "Begin bij",
    "Title": "Titel",
    "URL": "Adres (https://… of mailto:…)",
    "Update": "Bewaren",
    "Uppercase Roman numerals": "Grote Romeinse cijfers",
    "Uppercase letters": "Hoofdletters",
  };
  const others = window.gettext;
  window.gettext = (text) => words[text] ?? others(text);
}

